/**
 * How whoever loops over a source finds its operation, without knowing what the source is.
 *
 * @module
 */
import type { Operation } from "./operation.ts";

/** Where a source keeps the operation that takes its next item, boxed. */
export const nexting: unique symbol = Symbol("gokio.nexting");

/** What items can be pulled from by an operation: the receiving end of every channel. */
export interface Pulled<T> {
  /** @internal */
  readonly [nexting]: Operation<IteratorResult<T, undefined>>;
}
