/**
 * Streams by key, pulled as one.
 *
 * @module
 */

import { type Source as Receivable, receiving } from "../chan/ends.ts";
import { failureOf } from "../group/failures.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { currentRegion } from "../kernel/current.ts";
import { asyncDispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { nexting } from "../kernel/pull.ts";
import { Core, Entry } from "./keyed-entries.ts";
import { PullNext, PullRecv } from "./pulls.ts";
import { RunSource } from "./sources/op-source.ts";
import { planOf, type Streamable } from "./sources/source-of.ts";
import { Stream } from "./stream.ts";
import { Upstream } from "./upstream.ts";

/**
 * Streams by key, which can be put in and taken out at any time, and are pulled as one stream of `[key, item]`: each gets its turn.
 *
 * A stream that ends is taken out. The map ends when it is empty and asked for an item; if something is put in after that, it goes on. The error of a stream
 * reaches one pull; that stream is taken out, and the others go on.
 *
 * The streams are the map's until they are taken out: close it, or declare it with `await using`. Leaving a loop over the map closes nothing, and loses nothing.
 *
 * @example
 * ```ts
 * const feeds = new StreamMap<string, number>();
 * feeds.insert("low", [1, 2]);
 * feeds.insert("high", [100]);
 * for await (const [key, n] of feeds) console.log(key, n); // low 1 high 100 low 2
 * console.log(feeds.size); // 0
 * ```
 */
export class StreamMap<K, T> implements Receivable<[K, T]>, AsyncIterable<[K, T]>, AsyncDisposable {
  readonly #core = new Core<K, T>();
  readonly #recv = new PullRecv(this.#core);
  readonly #next = new PullNext(this.#core);

  /**
   * Puts `stream` in, or whatever a stream can be made of; nobody else can pull it now. If there was one with that key, it is taken out and is the result.
   *
   * @throws {TypeError} if it is nothing that a stream can be made of.
   */
  insert(key: K, stream: Streamable<T>): Stream<T> | undefined {
    const upstream = Upstream.of<T>(planOf(stream, "StreamMap"));
    const before = this.#core.entry(key);
    if (before !== undefined) this.#core.takeOut(before);
    this.#core.add(new Entry(this.#core, key, upstream));
    return before && streamOf(before);
  }

  /**
   * Takes a stream out, which goes on where it was: close it, if it is not wanted any more. `undefined` if there is none.
   *
   * @example
   * ```ts
   * const feeds = new StreamMap<string, number>();
   * feeds.insert("naturals", Stream.range(1));
   * console.log(await feeds.recv()); // [ 'naturals', 1 ]
   * const rest = feeds.remove("naturals");
   * console.log(await rest?.recv()); // 2
   * await rest?.close();
   * ```
   */
  remove(key: K): Stream<T> | undefined {
    const entry = this.#core.entry(key);
    if (entry === undefined) return undefined;
    this.#core.drop(entry);
    return streamOf(entry);
  }

  /** Whether there is a stream under `key` that has not ended. */
  has(key: K): boolean {
    return this.#core.entry(key) !== undefined;
  }

  /** How many streams there are that have not ended, as far as anybody has asked. */
  get size(): number {
    return this.#core.size;
  }

  /** The keys, in the order in which they were added. */
  keys(): IterableIterator<K> {
    return this.#core.keys();
  }

  /** @internal */
  get [receiving](): Operation<[K, T]> {
    return this.#recv;
  }

  /** @internal */
  get [nexting](): Operation<IteratorResult<[K, T], undefined>> {
    return this.#next;
  }

  /**
   * Pulls the next item of any of the streams.
   *
   * Cancel-safe: a cancelled pull has taken nothing; items that were on their way are kept.
   *
   * @throws {ClosedError} if the map is empty, or becomes so.
   * @throws what a stream has failed with.
   */
  recv(options?: WaitOptions): Promise<[K, T]> {
    if (currentRegion().cancellation === undefined) this.#core.fill();
    return start(this.#recv, options);
  }

  /**
   * Pulls as an iterator does: `{ done: true }` where {@link recv} would throw `ClosedError`.
   *
   * Cancel-safe: a cancelled pull has taken nothing; items that were on their way are kept.
   *
   * @throws what a stream has failed with.
   */
  next(options?: WaitOptions): Promise<IteratorResult<[K, T], undefined>> {
    if (currentRegion().cancellation === undefined) this.#core.fill();
    return start(this.#next, options);
  }

  /**
   * Pulls until the map is empty. Leaving the loop loses nothing, and closes nothing.
   *
   * Cancel-safe: as {@link next}.
   */
  [Symbol.asyncIterator](): AsyncIterator<[K, T], undefined> {
    return { next: () => this.next() };
  }

  /**
   * Takes all streams out, closes them, and waits until their cleanup is through. Whoever waits is told the end.
   *
   * Cancel-safe: it is not cancelled.
   *
   * @throws what their cleanup threw: an `AggregateError`, if it was more than one.
   */
  async close(): Promise<void> {
    const closing = this.#core.clear().map((entry) => streamOf(entry)[asyncDispose]());
    const failures = new Set<unknown>();
    for (const end of await Promise.allSettled(closing)) if (end.status === "rejected") failures.add(end.reason);
    if (failures.size > 0) throw failureOf("StreamMap", failures);
  }

  /**
   * As {@link close}.
   *
   * Cancel-safe: it is not cancelled.
   */
  [asyncDispose](): Promise<void> {
    return this.close();
  }
}

function streamOf<T>({ upstream }: Entry<unknown, T>): Stream<T> {
  return new Stream<T>({ source: () => new RunSource<T>(upstream.run), stages: [], isOnce: true });
}
