/**
 * Where a producer puts its items.
 *
 * @module
 */
import type { Parked } from "../kernel/step.ts";
import type { Signal } from "./line.ts";

export interface Out<T> {
  /** Passes an item down the line. Unless the answer is GO, `settle` has to follow. */
  push(value: T): Signal;
  /** Waits until the next item is wanted. If none ever will be, it does not come back: the producer is unwound. */
  settle(signal: Signal): Generator<Parked, void, unknown>;
}
