/**
 * The operation: the one thing in gokio that can wait.
 *
 * An operation can be *tried* now, *linked* to what it waits for, and *unlinked*. It holds what is asked for (a value to send, a
 * number of permits), never who asks, so one operation can be driven again and again, by several waiters at once. Three
 * drivers run it:
 *
 * - **await**: {@link Operation.then} starts it on a promise (`promise-waiter.ts`);
 * - **yield\***: {@link Operation.next} runs it on the generator task that is running (`coroutine.ts`). The operation is its own
 *   iterator. The first `next` tries it and, where it is ready, answers `done` at once, so that the generator is never
 *   suspended; else it links the task and yields to the scheduler, which calls `next` again, with the task, once it is settled;
 * - **select**: a race tries several and links them all (`race.ts`).
 *
 * 1. `try` and `link` are called in one synchronous step, so nothing can become ready between them.
 * 2. A waiter leaves either by being served, when the resource forgets it, or by `unlink` followed by `unlinked`; never both.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import { ATTENTION } from "./coroutine-flags.ts";
import { currentRegion, running } from "./current.ts";
import { startIn } from "./promise-waiter.ts";
import { type Parked, PENDING, type Pending, ready } from "./step.ts";
import type { Waiter } from "./waiter.ts";

// A constant of this module the engine folds in; an imported one it loads, and compares with anything by a call.
const pending: Pending = PENDING;

/** What `then` takes for a rejection. The reason is `any`, as the platform has it, so that a handler may say what it expects. */
// biome-ignore lint/suspicious/noExplicitAny: the platform's own type.
export type OnRejected<B> = ((reason: any) => B | PromiseLike<B>) | null | undefined;

/**
 * Something that can be waited for, and has not been started: `await` it, `yield*` it, or make it a case of `select`.
 *
 * To make a new thing waitable, extend this class. The protocol is synchronous, and user code is never called from it:
 *
 * - `try()` does it at once and returns the result, or returns {@link PENDING} and leaves everything as it was;
 * - `link(waiter)` is called right after, when it has to wait. Remember the waiter; later, forget it and call `waiter.wake(value)`
 *   or `waiter.fail(error)`, once;
 * - `unlink(waiter)` is called instead when the wait ended otherwise. Forget the waiter, and wake nobody yet. If something cannot stop at once, take
 *   `waiter.hold()`, and call what it returns when that is gone;
 * - `unlinked()`, if there is one, is called after that: serve whoever stood behind it.
 *
 * Update your own state before you wake somebody.
 *
 * @example
 * ```ts
 * class Gate extends Operation<void> {
 *   #isOpen = false;
 *   readonly #waiting = new Set<Waiter<void>>();
 *
 *   open(): void {
 *     this.#isOpen = true;
 *     const waiting = [...this.#waiting];
 *     this.#waiting.clear();
 *     for (const waiter of waiting) waiter.wake();
 *   }
 *
 *   override try(): undefined | Pending {
 *     return this.#isOpen ? undefined : PENDING;
 *   }
 *
 *   override link(waiter: Waiter<void>): void {
 *     this.#waiting.add(waiter);
 *   }
 *
 *   override unlink(waiter: Waiter<void>): void {
 *     this.#waiting.delete(waiter);
 *   }
 *
 *   override describe(): string {
 *     return "a gate";
 *   }
 * }
 *
 * const gate = new Gate();
 * const visitor = spawn(function* () {
 *   const won = yield* select({ in: gate, late: sleep(60_000) });
 *   return won.key;
 * });
 * await yieldNow();
 * gate.open();
 * console.log(await visitor); // in
 * ```
 */
export abstract class Operation<T> implements PromiseLike<Awaited<T>> {
  /** Does it now, or returns {@link PENDING} and leaves everything as it was. */
  abstract try(): T | Pending;
  /** Remembers who waits; called right after a `try` that was pending. */
  abstract link(waiter: Waiter<T>): void;
  /** Forgets who waited, and wakes nobody. What cannot stop at once has to `hold` the waiter until it has. */
  abstract unlink(waiter: Waiter<T>): void;
  /** Serves whoever stood behind one that was unlinked. It may be called at any time. */
  unlinked?(): void;

  /**
   * Who alone can end this wait, as far as that is known: the tasks that hold the lock, the task that is joined. `undefined`, or no such method, where anybody
   * could. For people who ask why nothing moves: it has no effect.
   */
  holders?(): Iterable<unknown> | undefined;
  /** Whether each of the {@link holders} has to let go, and not just one of them. */
  needsAll?(): boolean;

  /** Whether linking it starts work that has to be stopped again, so that it cannot be tried just to see. */
  get startsWork(): boolean {
    return false;
  }

  /** What is waited for, for people: "recv on chan(8)". */
  abstract describe(): string;

  then<A = Awaited<T>, B = never>(
    fulfilled?: ((value: Awaited<T>) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    return startIn(currentRegion(), this).then(fulfilled, rejected);
  }

  [Symbol.iterator](): Iterator<Parked, T, unknown> {
    return this as unknown as Iterator<Parked, T, unknown>;
  }

  /** @internal Part of the `yield*` driver. */
  next(resumed?: unknown): IteratorResult<Parked, T> {
    const task = running;
    if (resumed !== undefined) {
      if (task === undefined || resumed !== task) throw misuseOf(this);
      return task.takeOutcome() as IteratorResult<Parked, T>;
    }
    // biome-ignore lint/complexity/noArguments: yield* passes an argument, for…of and spreading pass none.
    if (task === undefined || arguments.length === 0) throw misuseOf(this);
    if ((task.flags & ATTENTION) !== 0 || --task.scheduler.budget.credit < 0)
      return task.driveSlow(this) as IteratorResult<Parked, T>;
    const value = this.try();
    return value === pending ? task.park(this as Operation<unknown>) : ready(value);
  }
}

export function misuseOf(op: Operation<unknown>): MisuseError {
  return new MisuseError(`${op.describe()}: yield* it in a generator task, or await it`);
}
