/**
 * Ending the wait of everybody on a list.
 *
 * @module
 */
import type { WaitList } from "./wait-list.ts";

export function wakeAll<T>(list: WaitList<T>, value: T): void {
  for (let waiter = list.shift(); waiter !== undefined; waiter = list.shift()) waiter.wake(value);
}

/** They share the error, as those do who are cancelled together. */
export function failAll<T>(list: WaitList<T>, error: unknown): void {
  for (let waiter = list.shift(); waiter !== undefined; waiter = list.shift()) waiter.fail(error);
}
