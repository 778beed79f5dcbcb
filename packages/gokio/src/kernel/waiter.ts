/**
 * One wait in progress: what an operation links to its resource, and what the resource wakes.
 *
 * There are four kinds, one for each way to wait: a generator task (`coroutine.ts`), a promise (`promise-waiter.ts`), a branch
 * of a race (`race.ts`) and an alarm (`timers.ts`). A resource cannot tell them apart.
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

/** What is still under way after `unlink`: work that has been told to stop. Whoever unlinked goes on only when it is gone. */
export interface Remains {
  /** Calls `then` once nothing is left, perhaps at once. It must not run user code. */
  whenGone(then: () => void): void;
}

/** `a` and `b` as one. */
export function both(a: Remains | void, b: Remains | void): Remains | undefined {
  if (a === undefined) return b as Remains | undefined;
  if (b === undefined) return a;
  return { whenGone: (then) => a.whenGone(() => b.whenGone(then)) };
}

const left: Operation<unknown>[] = [];
let serving = false;

/**
 * Tells the operation that a waiter of its left without being served, so that the one behind it may be.
 *
 * Serving can settle a race, whose other branches leave other queues, which are then served: a chain as long as the program
 * makes it. The outermost call walks it, so that it never overflows the stack.
 */
export function unlinked(op: Operation<unknown>): void {
  if (op.unlinked === undefined) return;
  if (serving) left.push(op);
  else servingLast(() => op.unlinked?.());
}

/** Queues a cancelled waiter, which was unlinked from `op`, before all that were not, once nothing remains. */
export function goOnFirst(waiter: DrivenWaiter & Job, op: Operation<unknown>, remains: Remains | void): void {
  const goOn = (): void => waiter.scheduler.enqueueFirst(waiter);
  if (remains === undefined) goOn();
  else remains.whenGone(goOn);
  unlinked(op);
}

/**
 * Runs `body`, which ends waits, and serves the queues they left only when it is through: else a waiter could be served in the very
 * step that cancels it.
 */
export function servingLast(body: () => void): void {
  if (serving) {
    body();
    return;
  }
  serving = true;
  try {
    body();
    // Not shift(): it is linear for long arrays. What is served may append.
    for (let i = 0; i < left.length; i++) left[i]?.unlinked?.();
  } finally {
    left.length = 0;
    serving = false;
  }
}
