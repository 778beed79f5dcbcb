/**
 * How whoever loops over a source finds its operation, without knowing what the source is.
 *
 * @module
 */
import type { Operation } from "./operation.ts";

/** Where a source keeps the operation that takes its next item, boxed. */
export const nexting: unique symbol = Symbol("gokio.nexting");

/** Where a source makes the operation of one loop, if a loop is more to it than taking one item after the other. */
export const looping: unique symbol = Symbol("gokio.looping");
/** Where a source is told that a loop was left before its end, if it wants to know. */
export const leaving: unique symbol = Symbol("gokio.leaving");

/** What items can be pulled from by an operation: the receiving end of every channel. */
export interface Pulled<T> {
  /** @internal */
  readonly [nexting]: Operation<IteratorResult<T, undefined>>;
  /** @internal */
  [looping]?(): Operation<IteratorResult<T, undefined>>;
  /** @internal It is waited for, and cancellation does not reach it. */
  [leaving]?(): Operation<void>;
}
