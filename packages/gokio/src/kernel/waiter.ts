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
 * 4. A wait that was decided may have to wait for what it stopped, its {@link Remains}. Between the two it is committed: linked on nothing,
 *    out of reach of cancellation, and sure to be woken.
 * 5. While linked, `slot` belongs to the operation, for what this one wait needs: it is `undefined` when `link` is called. Once settled, it
 *    holds the outcome.
 *
 * @module
 */
import type { Cancellation, CancelSource, Member } from "./cancel-source.ts";
import type { Operation } from "./operation.ts";
import type { Job, Scheduler } from "./scheduler.ts";
import { later, SERVE } from "./settling.ts";
import type { WaitList } from "./wait-list.ts";

/** One wait in progress, as the operation sees it that the wait is linked by. */
export abstract class Waiter<T = unknown> {
  list: WaitList | undefined = undefined;
  previous: Waiter | undefined = undefined;
  next: Waiter | undefined = undefined;
  op: Operation<T> | undefined = undefined;
  slot: unknown = undefined;

  /** The effect has happened, or never will; the result follows by `wake` or `fail`. From here on cancellation does not reach the wait. */
  commit(): void {}
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
export abstract class DrivenWaiter<T = unknown> extends Waiter<T> implements Member {
  source: CancelSource | undefined = undefined;
  older: Member | undefined = undefined;
  newer: Member | undefined = undefined;

  abstract cancelled(cancellation: Cancellation): void;
}

/** Ends the wait of `waiter` with what `outcome` gives, or with what it throws. */
export function settle<T>(waiter: Waiter<T> | undefined, outcome: () => T): void {
  let value: T;
  try {
    value = outcome();
  } catch (error) {
    waiter?.fail(error);
    return;
  }
  waiter?.wake(value);
}

/** What is still under way after `unlink`: work that has been told to stop. Whoever unlinked goes on only when it is gone. */
export interface Remains {
  /** Calls `then` once nothing is left, perhaps at once. It must not run user code. */
  whenGone(then: () => void): void;
}

/** Calls `then` once nothing is left of any of `all`. */
export function whenAllGone(all: readonly Remains[], then: () => void): void {
  let left = all.length;
  const gone = (): void => {
    if (--left === 0) then();
  };
  for (const remains of all) remains.whenGone(gone);
}

/**
 * Tells the operation that a waiter of its left without being served, so that the one behind it may be: once everybody has left who
 * leaves in this step.
 */
export function unlinked(op: Operation<unknown>): void {
  if (op.unlinked !== undefined) later(SERVE, { settle: () => op.unlinked?.() });
}

/** Queues a cancelled waiter, which was unlinked from `op`, before all that were not, once nothing remains. */
export function goOnFirst(waiter: DrivenWaiter & Job, op: Operation<unknown>, remains: Remains | void): void {
  const goOn = (): void => waiter.scheduler.enqueueFirst(waiter);
  if (remains === undefined) goOn();
  else remains.whenGone(goOn);
  unlinked(op);
}
