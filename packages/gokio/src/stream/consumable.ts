/**
 * How a stream is used up: made into one value, or sent elsewhere.
 *
 * @module
 */
import type { MapBody } from "../group/map-concurrent.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { forEachConcurrent } from "./ops/for-each-concurrent.ts";
import { planning } from "./plan.ts";
import { Pullable } from "./pullable.ts";
import { readableOf } from "./sinks/readable.ts";
import { type PipeOptions, type PipeTarget, pipeTo } from "./sinks.ts";
import { count, every, find, first, forEach, last, reduce, some, toArray, toMap, type Visit } from "./terminals.ts";
import { Upstream } from "./upstream.ts";

export abstract class Consumable<T> extends Pullable<T> {
  // ── to one value ──

  /**
   * All items in an array.
   *
   * Cancel-safe: a cancelled call leaves the stream; the items it had are dropped.
   */
  toArray(options?: WaitOptions): Promise<T[]> {
    return start(toArray(this, options));
  }

  /**
   * What `fn` makes of all items, one after the other, beginning with `initial`.
   *
   * Cancel-safe: a cancelled call leaves the stream.
   */
  reduce<A>(
    fn: (sum: A, value: T, index: number) => A | PromiseLike<A>,
    initial: A,
    options?: WaitOptions,
  ): Promise<Awaited<A>> {
    return start(reduce(this, fn, initial, options));
  }

  /**
   * Calls `fn` with each item; an async `fn` is waited for before the next item is asked for.
   *
   * Cancel-safe: a cancelled call leaves the stream.
   */
  forEach(fn: Visit<T, unknown>, options?: WaitOptions): Promise<void> {
    return start(forEach(this, fn, options));
  }

  /**
   * Calls `fn` with each item, at most `limit` calls at once, each in a task of its own, and waits until all have ended.
   *
   * Cancel-safe: when cancelled, it ends when every call has, and the stream is closed.
   *
   * @example
   * ```ts
   * await Stream.from(["a", "b", "c"]).forEachConcurrent(2, async (text) => console.log(text)); // a b c
   * ```
   *
   * @throws the first failure, of a call or of the stream, when the other calls have been cancelled and have ended.
   * @throws {RangeError} at the call, unless `limit` is a whole number of at least 1, or `Infinity`.
   * @throws {TypeError} at the call, if `fn` is not a function.
   */
  forEachConcurrent<R>(limit: number, fn: MapBody<T, R>, options?: WaitOptions): Promise<void> {
    return start(forEachConcurrent(this, limit, fn, options));
  }

  /**
   * The first item; `undefined` if there is none. Nothing more is asked for, and the stream is closed.
   *
   * Cancel-safe: a cancelled call leaves the stream.
   */
  first(options?: WaitOptions): Promise<Awaited<T> | undefined> {
    return start(first(this, options)) as Promise<Awaited<T> | undefined>;
  }

  /**
   * The last item; `undefined` if there is none.
   *
   * Cancel-safe: a cancelled call leaves the stream.
   */
  last(options?: WaitOptions): Promise<Awaited<T> | undefined> {
    return start(last(this, options)) as Promise<Awaited<T> | undefined>;
  }

  /**
   * How many items there are.
   *
   * Cancel-safe: a cancelled call leaves the stream.
   */
  count(options?: WaitOptions): Promise<number> {
    return start(count(this, options));
  }

  /**
   * Whether `predicate` accepts an item. After the first it does, nothing more is asked for.
   *
   * Cancel-safe: a cancelled call leaves the stream.
   */
  some(predicate: Visit<T, unknown>, options?: WaitOptions): Promise<boolean> {
    return start(some(this, predicate, options));
  }

  /**
   * Whether `predicate` accepts every item. After the first it does not, nothing more is asked for.
   *
   * Cancel-safe: a cancelled call leaves the stream.
   */
  every(predicate: Visit<T, unknown>, options?: WaitOptions): Promise<boolean> {
    return start(every(this, predicate, options));
  }

  /**
   * The first item that `predicate` accepts; `undefined` if there is none.
   *
   * Cancel-safe: a cancelled call leaves the stream.
   */
  find<S extends T>(
    predicate: (value: T, index: number) => value is S,
    options?: WaitOptions,
  ): Promise<Awaited<S> | undefined>;
  find(predicate: Visit<T, unknown>, options?: WaitOptions): Promise<Awaited<T> | undefined>;
  find(predicate: Visit<T, unknown>, options?: WaitOptions): Promise<Awaited<T> | undefined> {
    return start(find(this, predicate, options)) as Promise<Awaited<T> | undefined>;
  }

  /**
   * The items by their keys; of several with one key the last.
   *
   * Cancel-safe: a cancelled call leaves the stream.
   */
  toMap<K>(key: Visit<T, K>, options?: WaitOptions): Promise<Map<K, T>> {
    return start(toMap(this, key, options));
  }

  // ── to elsewhere ──

  /**
   * Sends every item to a channel, a sender, a WritableStream or a Node Writable, one after the other, waiting while that has no room.
   *
   * Cancel-safe: a cancelled call leaves the stream; an item that was waiting for room is dropped with it.
   *
   * @throws {TypeError} at the call, if `target` is none of these.
   */
  pipeTo(target: PipeTarget<T>, options?: PipeOptions): Promise<void> {
    return start(pipeTo(this, target, options));
  }

  /** The stream as the platform's ReadableStream, which pulls when it is read, and closes this one when it is cancelled. */
  toReadableStream(): ReadableStream<T> {
    return readableOf(Upstream.of<T>(this[planning]("toReadableStream")));
  }
}
