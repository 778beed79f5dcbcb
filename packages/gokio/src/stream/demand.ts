/**
 * What the task of a run waits for when it has delivered an item: somebody who wants another.
 *
 * @module
 */
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";

/** What is asked for items. */
export interface Wanted {
  readonly isWanted: boolean;
  /** The task is parked, since nobody wants an item. */
  isIdle: boolean;
  idle(): void;
}

/** Wants an item: the task waits for this when it has delivered one. */
export class Demand extends Operation<unknown> {
  readonly #run: Wanted;

  constructor(run: Wanted) {
    super();
    this.#run = run;
  }

  override try(): undefined | Pending {
    return this.#run.isWanted ? undefined : PENDING;
  }

  override link(): void {
    this.#run.idle();
  }

  override unlink(): void {
    this.#run.isIdle = false;
  }

  override describe(): string {
    return "somebody to pull";
  }
}
