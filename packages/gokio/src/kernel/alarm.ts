/**
 * A callback at a deadline, for what is no wait: the deadlines of tokens, contexts and blocks.
 *
 * @module
 */
import { Operation } from "./operation.ts";
import type { Scheduler } from "./scheduler.ts";
import { PENDING, type Pending } from "./step.ts";
import { type TimedOperation, timersOf } from "./timers.ts";
import { Waiter } from "./waiter.ts";

/** Waits for a deadline on the clock of `scheduler`, in milliseconds. */
export class Deadline extends Operation<void> implements TimedOperation {
  readonly scheduler: Scheduler;
  readonly deadline: number;

  constructor(scheduler: Scheduler, deadline: number) {
    super();
    this.scheduler = scheduler;
    this.deadline = deadline;
  }

  override try(): undefined | Pending {
    return timersOf(this.scheduler).clock >= this.deadline ? undefined : PENDING;
  }

  override link(waiter: Waiter<void>): void {
    timersOf(this.scheduler).add(waiter, this);
  }

  override unlink(waiter: Waiter<void>): void {
    timersOf(this.scheduler).remove(waiter);
  }

  override describe(): string {
    return this.deadline === Number.POSITIVE_INFINITY ? "sleep(Infinity)" : "sleep";
  }
}

export class Alarm extends Waiter<void> {
  readonly #rings: () => void;
  readonly #deadline: Deadline;
  readonly #daemon: boolean;

  /** Calls `rings` at `deadline`, from the run queue. It holds the process unless it is a daemon. */
  constructor(scheduler: Scheduler, deadline: number, daemon: boolean, rings: () => void) {
    super();
    this.#daemon = daemon;
    this.#rings = rings;
    this.#deadline = this.op = new Deadline(scheduler, deadline);
    this.op.link(this);
  }

  /** When it rings, on the scheduler's clock. */
  get deadline(): number {
    return this.#deadline.deadline;
  }

  /** Does nothing once it rang. */
  cancel(): void {
    this.#deadline.unlink(this);
  }

  override wake(): void {
    this.scheduler.enqueueFirst(this);
  }

  override fail(): void {}

  override get scheduler(): Scheduler {
    return this.#deadline.scheduler;
  }

  override get daemon(): boolean {
    return this.#daemon;
  }

  /** What it cancels may have listeners. */
  get runsUserCode(): boolean {
    return true;
  }

  run(): void {
    this.#rings();
  }
}
