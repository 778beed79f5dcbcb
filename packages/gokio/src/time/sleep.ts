/**
 * Waiting for time to pass.
 *
 * @module
 */
import { checkDuration, wrongType } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { Deadline } from "../kernel/alarm.ts";
import { currentScheduler } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";

/**
 * Waits until `ms` milliseconds have passed since this call; never less. `Infinity` waits to be cancelled.
 *
 * The deadline is fixed here, so the same operation can be a case of one select after another.
 *
 * Cancel-safe: nothing is lost but the wait.
 *
 * @example
 * ```ts
 * await sleep(10);
 * ```
 *
 * @throws {RangeError} if `ms` is negative or NaN.
 */
export function sleep(ms: number, options?: WaitOptions): Operation<void> {
  checkDuration("ms", ms);
  const scheduler = currentScheduler();
  return withOptions(new Deadline(scheduler, scheduler.host.now() + ms), options);
}

/**
 * Waits until a date, or a number of milliseconds since 1970. A change of the wall clock after the call is not noticed.
 *
 * Cancel-safe: nothing is lost but the wait.
 *
 * @example
 * ```ts
 * await sleepUntil(new Date("2020-01-01"));
 * console.log("that was long ago"); // that was long ago
 * ```
 *
 * @throws {RangeError} if `when` is no point in time.
 */
export function sleepUntil(when: Date | number, options?: WaitOptions): Operation<void> {
  return sleep(msUntil(when), options);
}

/** The milliseconds from now to a date, or to a number of milliseconds since 1970; 0 if that is over. */
export function msUntil(when: Date | number): number {
  const at = when instanceof Date ? when.getTime() : when;
  if (typeof at !== "number") throw wrongType("when", "a Date or milliseconds since 1970", when);
  if (Number.isNaN(at)) throw new RangeError("when must be a point in time, not an invalid one");
  return Math.max(0, at - currentScheduler().host.wallClock());
}
