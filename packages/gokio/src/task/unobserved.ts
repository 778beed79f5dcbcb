/**
 * Promises of bodies that were started and need not be awaited.
 *
 * @module
 */
import type { Region } from "../kernel/region.ts";
import { nothing } from "../kernel/settling.ts";

/** A wait that its own region cancelled may go unobserved: see `promise-waiter.ts`. */
export function unobserved<T>(region: Region, promise: Promise<T>): Promise<T> {
  const observed: Promise<T> = promise.then(undefined, (error) => {
    if (region.cancellation !== undefined && error === region.cancellation.error) observed.catch(nothing);
    throw error;
  });
  return observed;
}
