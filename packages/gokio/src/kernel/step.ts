/**
 * What passes between a generator and the scheduler: the results of `next`, and the flags of a coroutine.
 *
 * The two results are shared objects, so that a `yield*` allocates nothing. They are written last in `next` and read at once by
 * the engine, so that re-entrance cannot see them; the drain clears them, so that they keep no message alive.
 *
 * @module
 */

import type { Coroutine } from "./coroutine.ts";

/** What an operation's `try` returns when it has to wait. */
export const PENDING: unique symbol = Symbol("gokio.pending");
/** The type of {@link PENDING}. */
export type Pending = typeof PENDING;

declare const parked: unique symbol;
/** What a generator task yields while it is parked. Only operations make one. */
export interface Parked {
  readonly [parked]: true;
}

declare const leaving: unique symbol;
/** What a generator task yields to have its body return an `O` early. `yield*` on an `Err` makes one. */
export interface Leaving<O> {
  readonly [leaving]: O;
}

/** Everything a generator task may yield. */
export type Yielded = Parked | Leaving<unknown>;

/** What a generator yields to have something done to its task: a call, an early return. It is its own result. */
export abstract class Command {
  readonly done = false;
  /** Does it, and gives the step that the task goes on from; `undefined` if that threw. */
  abstract goOn(task: Coroutine): IteratorResult<unknown, unknown> | undefined;
}

class Step {
  done: boolean;
  value: unknown;
  constructor(done: boolean) {
    this.done = done;
    this.value = undefined;
  }
}

/** What a parked generator yields; the scheduler knows it by identity. */
export const PARKED = new Step(false) as unknown as IteratorYieldResult<Parked>;
const READY = new Step(true);

/** The shared result of a `yield*` that is ready. To be called last. */
export function ready<T>(value: T): IteratorReturnResult<T> {
  READY.value = value;
  return READY as IteratorReturnResult<T>;
}

/** Forgets the last result. */
export function clearReady(): void {
  READY.value = undefined;
}
