/**
 * A bell: something has happened, come and look. What waits for it has to look itself, and may find nothing new.
 *
 * @module
 */
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";

/** For one who waits. A ring that nobody heard is heard by the next wait. */
export class Bell extends Operation<void> {
  readonly #what: string;
  #waiter: Waiter<void> | undefined = undefined;
  #hasRung = false;

  constructor(what: string) {
    super();
    this.#what = what;
  }

  readonly ring = (): void => {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter === undefined) this.#hasRung = true;
    else waiter.wake();
  };

  override try(): undefined | Pending {
    if (!this.#hasRung) return PENDING;
    this.#hasRung = false;
    return undefined;
  }

  override link(waiter: Waiter<void>): void {
    this.#waiter = waiter;
  }

  override unlink(): void {
    this.#waiter = undefined;
  }

  override describe(): string {
    return this.#what;
  }
}
