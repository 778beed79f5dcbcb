/**
 * `acquire`, as an operation, for everything that hands out a limited number of something.
 *
 * @module
 */
import { wrongType } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";

export const acquiring: unique symbol = Symbol("gokio.acquiring");

/** What can be acquired from: a semaphore, a rate limiter. */
export interface Acquirable<P> {
  /** @internal */
  [acquiring](n: number): Operation<P>;
}

/**
 * Takes `n` permits, as an operation: what the method `acquire` of a semaphore or a rate limiter does.
 *
 * Cancel-safe: a cancelled call has taken nothing, and has given up its place in the queue.
 *
 * @example
 * ```ts
 * const slots = new Semaphore(2);
 * const won = await select({ slot: acquire(slots), late: sleep(1000) });
 * console.log(won.key, slots.available); // slot 1
 * ```
 *
 * @throws {RangeError} at the call, if `n` is not a whole number that can ever be had.
 */
export function acquire<P>(from: Acquirable<P>, n = 1, options?: WaitOptions): Operation<P> {
  if (typeof from?.[acquiring] !== "function") {
    throw wrongType("from", "a Semaphore or a RateLimiter", from);
  }
  const op = from[acquiring](n);
  return options === undefined ? op : withOptions(op, options);
}
