/**
 * What every receiving end can do, whatever the channel: the eager methods over the two operations of a {@link Source}.
 *
 * @module
 */
import { start, type WaitOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING } from "../kernel/step.ts";
import { Next, nexting, type Receiving, receiving, type Source } from "./ends.ts";

export abstract class ReceivingEnd<T> implements Source<T>, AsyncIterable<T> {
  /** @internal */
  readonly [receiving]: Receiving<T>;
  #next: Next<T> | undefined = undefined;

  /** @internal */
  constructor(op: Receiving<T>) {
    this[receiving] = op;
  }

  /** @internal */
  get [nexting](): Operation<IteratorResult<T, undefined>> {
    this.#next ??= new Next(this[receiving].inlet);
    return this.#next;
  }

  /**
   * Receives the oldest value not received yet, waiting for one.
   *
   * Cancel-safe: a cancelled receive has taken nothing.
   *
   * @throws {ClosedError} once the channel has ended and everything has been received.
   */
  recv(options?: WaitOptions): Promise<Awaited<T>> {
    return start(this[receiving], options);
  }

  /**
   * Receives as an iterator does: `{ done: true }` where {@link recv} would throw `ClosedError`.
   *
   * Cancel-safe: a cancelled call has taken nothing.
   */
  next(options?: WaitOptions): Promise<IteratorResult<T, undefined>> {
    return start(this[nexting], options);
  }

  /** What {@link next} would give now; `undefined` if it would have to wait. */
  tryRecv(): IteratorResult<T, undefined> | undefined {
    const result = this[nexting].try();
    return result === PENDING ? undefined : result;
  }

  /**
   * Receives until the channel has ended and everything has been received. Leaving the loop early neither closes the channel nor loses a value.
   *
   * Cancel-safe: as {@link next}.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return {
      next: () => this.next(),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
