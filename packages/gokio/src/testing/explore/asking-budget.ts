/**
 * A budget that never runs out by itself, and asks at each operation whether to pause.
 *
 * The kernel reads the clock once the credit is below 0. Here it always is, so that each operation that finds something ready asks; what answers
 * is the run's chooser. A `true` has a generator task pause before it tries the operation, and async code go on late.
 *
 * @module
 */
import { Budget } from "../../kernel/budget.ts";
import type { Host } from "../../kernel/host.ts";
import type { ReadyQueue } from "./ready-queue.ts";

const SPENT = -1;

export class AskingBudget extends Budget {
  override credit = SPENT;
  readonly #queue: ReadyQueue;
  readonly #pauses: () => boolean;

  constructor(host: Host, queue: ReadyQueue, pauses: () => boolean) {
    super(host);
    this.#queue = queue;
    this.#pauses = pauses;
  }

  override isExhausted(): boolean {
    this.credit = SPENT;
    return !this.#queue.isBetweenJobs && this.#pauses();
  }

  override refill(): void {}
}
