/**
 * One wait in progress: what an operation links to its resource, and what the resource wakes.
 *
 * There are five kinds: a generator task (`coroutine.ts`), a promise (`promise-waiter.ts`), a branch of a race (`race.ts`), an alarm
 * (`alarm.ts`), and the way back to its lock of a wait on a Condvar (`condvar.ts`). A resource cannot tell them apart.
 *
 *                     link                    wake, fail
 *        (driver) ──────────▶ linked ───────────────────────▶ settled ─▶ run queue ─▶ goes on
 *                               │                                ▲
 *                               └─ cancelled, beaten: unlink ────┘
 *
 * 1. `op` is the operation the waiter is linked by, exactly while it is linked.
 * 2. Settling happens once. The waker has taken the waiter off its own lists before it calls `wake` or `fail`; everybody
 *    else who ends the wait calls `op.unlink` first, and {@link unlinked} last.
 * 3. Waking runs no user code: it stores the outcome and queues the waiter on its own scheduler.
 * 4. Some losers cannot stop at once: work that was started has cleanup to run. Whoever unlinks them holds the waiter ({@link Waiter.hold}). It is
 *    settled all the same, linked on nothing and out of reach of cancellation, and goes on when nothing holds it any more.
 * 5. While linked, `slot` belongs to the operation, for what this one wait needs: it is `undefined` when `link` is called. Once settled, it
 *    holds the outcome.
 *
 * @module
 */
import type { Cancellation, CancelSource, Member } from "./cancel-source.ts";
import { DUE, FAILED, HELD, LINKED, RETRY } from "./coroutine-flags.ts";
import type { Operation } from "./operation.ts";
import type { Job, Scheduler } from "./scheduler.ts";
import { later, nothing, SERVE } from "./settling.ts";
import type { WaitList } from "./wait-list.ts";

/** One wait in progress, as the operation sees it that the wait is linked by. */
export abstract class Waiter<T = unknown> {
  list: WaitList | undefined = undefined;
  previous: Waiter | undefined = undefined;
  next: Waiter | undefined = undefined;
  op: Operation<T> | undefined = undefined;
  slot: unknown = undefined;

  /** Has the waiter, once settled, go on only when the function that is returned has been called. To be used by `unlink`, or before `wake`. */
  hold(): () => void {
    return nothing;
  }
  /** Ends the wait: its effect has happened, and `value` is the result. */
  abstract wake(value: T): void;
  /** Ends the wait: nothing has happened, and nothing will. */
  abstract fail(error: unknown): void;
  /** The scheduler that this waiter goes on with. */
  abstract get scheduler(): Scheduler;
  /** Whether the process may end while this waits. */
  abstract get daemon(): boolean;
}

/** A waiter that can itself be cancelled: one that stands for a driver, not for a part of another wait. */
export abstract class DrivenWaiter<T = unknown> extends Waiter<T> implements Member, Job {
  source: CancelSource | undefined = undefined;
  older: Member | undefined = undefined;
  newer: Member | undefined = undefined;
  /** See `coroutine-flags.ts`. */
  flags = 0;

  abstract cancelled(cancellation: Cancellation): void;
  abstract run(): void;

  override wake(value: T): void {
    this.flags &= ~LINKED;
    this.slot = value;
    this.goOn();
  }

  override fail(error: unknown): void {
    this.flags |= FAILED;
    this.wake(error as T);
  }

  override hold(): () => void {
    this.flags += HELD;
    return () => {
      this.flags -= HELD;
      if ((this.flags & DUE) === 0) return;
      this.flags &= ~DUE;
      this.goOn();
    };
  }

  /** Queues it, or has that done when nothing holds it any more. One that was cancelled comes before all that were not. */
  protected goOn(): void {
    if (this.flags >= HELD) this.flags |= DUE;
    else if ((this.flags & RETRY) !== 0) this.scheduler.enqueueFirst(this);
    else {
      this.op = undefined;
      this.scheduler.enqueue(this);
    }
  }

  /** Takes it off what it waits for, without an outcome. */
  leave(): void {
    const op = this.op as Operation<T>;
    op.unlink(this);
    this.slot = undefined;
    this.flags = (this.flags & ~LINKED) | RETRY;
    this.goOn();
    unlinked(op);
  }
}

/** Ends the wait of `waiter` with what `outcome` gives, or with what it throws. */
export function settle<T>(waiter: Waiter<T>, outcome: () => T): void {
  let value: T;
  try {
    value = outcome();
  } catch (error) {
    waiter.fail(error);
    return;
  }
  waiter.wake(value);
}

/**
 * Tells the operation that a waiter of its left without being served, so that the one behind it may be: once everybody has left who
 * leaves in this step.
 */
export function unlinked(op: Operation<unknown>): void {
  if (op.unlinked !== undefined) later(SERVE, () => op.unlinked?.());
}
