/**
 * Streams: lazy sequences, pulled item by item.
 *
 * The class only puts together what the files beside it do: sources make items, stages and producers (`ops/`) change them, terminals and sinks
 * use them up. How they work together is told in `line.ts` and `run.ts`.
 *
 * @module
 */

import type { LaggedError } from "../errors.ts";
import { checkCount, checkDuration, checkFunction, checkOptions, wrongNumber, wrongType } from "../errors.ts";
import { type Attempting, Policy } from "../group/backoff.ts";
import type { MapBody } from "../group/map-concurrent.ts";
import { sourceOf as cancelSourceOf, type Signal, start, type WaitOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";
import { nexting, type Pulled } from "../kernel/pull.ts";
import type { Outcome, Self } from "../task/body.ts";
import type { EmitterLike, TargetLike } from "../task/once.ts";
import type { Settled } from "../task/task.ts";
import type { IntervalOptions } from "../time/interval.ts";
import { Consumable } from "./consumable.ts";
import { type BufferOptions, checkBuffer } from "./hub.ts";
import type { Source } from "./line.ts";
import { Chunks } from "./ops/chunks.ts";
import { Chain, CombineLatest, Merge, Zip } from "./ops/combine.ts";
import { Concurrent, type ConcurrentOptions, mapping, starting, type Work, type WorkResult } from "./ops/concurrent.ts";
import { Dedupe, Drop, DropWhile, Filter, Take, TakeWhile } from "./ops/filter.ts";
import { FlatMap } from "./ops/flat-map.ts";
import type { Asked } from "./ops/function-stage.ts";
import { grouped } from "./ops/group-by.ts";
import { Enumerate, FilterMap, Inspect, MapStage, Scan } from "./ops/map.ts";
import { OnCancel } from "./ops/on-cancel.ts";
import { Delay, Throttle } from "./ops/pace.ts";
import { partitioned } from "./ops/partition.ts";
import { Peek, peeking } from "./ops/peekable.ts";
import { ChunksTimeout, Debounce, TimeLimit } from "./ops/quiet.ts";
import { Catch, Retry } from "./ops/recover.ts";
import { TakeUntil } from "./ops/take-until.ts";
import { Shared, teed } from "./ops/tee.ts";
import { type Plan, type Producer, planning, type StageMaker, stage } from "./plan.ts";
import { type EventOptions, eventSource, observableSource, type Subscribable } from "./sources/events.ts";
import { intervalSource } from "./sources/interval-source.ts";
import { RangeSource } from "./sources/iterable-source.ts";
import { Never, type Unfolded, UnfoldSource } from "./sources/made.ts";
import { NextOrLag, OpSource } from "./sources/op-source.ts";
import type { PushOptions } from "./sources/push-buffer.ts";
import { checkItems, nextOf, planOf, type Streamable, sourceOf } from "./sources/source-of.ts";
import { Upstream } from "./upstream.ts";

/** What the items of a {@link Streamable} are. */
export type ItemOf<S> = S extends Streamable<infer T> ? T : never;
type Others = readonly Streamable<unknown>[];
type ItemsOf<O extends Others> = { -readonly [K in keyof O]: ItemOf<O[K]> };

/**
 * A lazy sequence, pulled item by item: nothing runs until somebody asks, and what is not asked for does not happen.
 *
 * It is made by `Stream.from` and its like, changed by methods that give a new stream, and used up by a loop, by `recv` and `next`, or by a method that gives
 * one value of it all. It can be gone through once, and belongs to whoever it was given to: `tee` and `share` make several readers.
 *
 * Functions of yours may be async wherever they are asked about an item; the next item waits for them. `mapConcurrent` runs several at once.
 *
 * What a stream does belongs to the task that first pulled it, and is cancelled with it. Leaving a loop closes the stream, and
 * so does `await using`: everything upstream is closed then, once.
 *
 * @example
 * ```ts
 * const squares = Stream.range(1)
 *   .map((n) => n * n)
 *   .filter((n) => n % 2 === 0)
 *   .take(3);
 * for await (const n of squares) console.log(n); // 4 16 36
 * ```
 */
export class Stream<T> extends Consumable<T> {
  // ── sources ──

  /**
   * The items of a channel, an async iterable (an async generator, a Node or Web stream), an iterable, an observable, or whatever a function gives that is
   * called at the first pull. Items that are promises are not awaited. A watch gives its current value first; a JoinSet, how its tasks end, as they do.
   *
   * Leaving the stream closes an iterator, cancels a Web stream, destroys a Node stream, and unsubscribes; a channel stays as it is.
   *
   * Messages that a broadcast receiver has lost fail the stream with `LaggedError`; with `{ lag: "item" }` that error is an item, and the stream goes on.
   *
   * @example
   * ```ts
   * async function* pages() {
   *   yield ["a", "b"];
   *   yield ["c"];
   * }
   * console.log(await Stream.from(pages).flatten().toArray()); // [ 'a', 'b', 'c' ]
   * ```
   *
   * @throws {TypeError} if `items` is none of these.
   */
  static from<T>(items: Streamable<T>): Stream<T>;
  static from<T>(items: Pulled<T>, options: { readonly lag: "item" }): Stream<T | LaggedError>;
  static from<T>(items: Streamable<T>, options?: { readonly lag?: "error" | "item" }): Stream<T | LaggedError> {
    const { lag = "error" } = checkOptions(options ?? {});
    if (lag === "error") return new Stream<T>(planOf(items, "from"));
    if (lag !== "item") throw wrongType("lag", '"error" or "item"', lag);
    if (!(nexting in Object(items)) || planning in Object(items)) {
      throw wrongType("items", "a receiver", items);
    }
    return made(() => new OpSource<T | LaggedError>(new NextOrLag(nextOf(items as Pulled<T>))));
  }

  /** The numbers from `start` up to `end`, which is not among them, each `step` more than the one before; without an `end`, they go on. A negative `step` counts down. */
  static range(start: number, end?: number, step?: number): Stream<number>;
  static range(start: number, last: number | undefined, step = 1): Stream<number> {
    const end = last ?? (step < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    for (const [name, value] of Object.entries({ start, end, step })) {
      if (
        Number.isFinite(value) ||
        (name === "end" && (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY))
      )
        continue;
      throw wrongNumber(name, "a finite number", value);
    }
    if (step === 0) throw new RangeError("step must not be 0");
    return made(() => new RangeSource(start, end, step));
  }

  /** One item. */
  static once<T>(value: T): Stream<T> {
    return Stream.from([value]);
  }

  /** No item at all. */
  static empty<T = never>(): Stream<T> {
    return Stream.from<T>([]);
  }

  /** Never an item, and never the end. */
  static pending<T = never>(): Stream<T> {
    return made(() => new OpSource<T>(new Never()));
  }

  /** The same item for ever. */
  static repeat<T>(value: T): Stream<T> {
    return made(() => new UnfoldSource<T, undefined>(undefined, () => [value, undefined]));
  }

  /**
   * Items that are each made from a state: `step` gives an item and the next state, or `undefined` at the end.
   *
   * @example
   * ```ts
   * const fibonacci = Stream.unfold({ a: 0, b: 1 }, ({ a, b }) => [a, { a: b, b: a + b }]);
   * console.log(await fibonacci.take(6).toArray()); // [ 0, 1, 1, 2, 3, 5 ]
   * ```
   */
  static unfold<T, S>(seed: S, step: (state: S) => Unfolded<T, S> | PromiseLike<Unfolded<T, S>>): Stream<T> {
    checkFunction("step", step);
    return made(() => new UnfoldSource(seed, step));
  }

  /**
   * The events of an EventEmitter, as arrays of their arguments, or of an EventTarget. Listening begins with the first pull; events that come faster than they
   * are pulled wait in a buffer. An emitter's `error` event fails the stream; `{ end: "close" }` names the event that ends it.
   *
   * @example
   * ```ts
   * const target = new EventTarget();
   * const ticks = Stream.fromEvents(target, "tick", { end: "stop" });
   * const count = ticks.count();
   * for (const type of ["tick", "tick", "stop"]) spawn(async () => target.dispatchEvent(new Event(type)));
   * console.log(await count); // 2
   * ```
   *
   * @throws {TypeError} if `emitter` is neither, or an option is wrong.
   */
  static fromEvents<A extends unknown[] = unknown[]>(
    emitter: EmitterLike,
    event: string | symbol,
    options?: EventOptions,
  ): Stream<A>;
  static fromEvents<E = Event>(target: TargetLike, type: string, options?: EventOptions): Stream<E>;
  static fromEvents(emitter: unknown, event: string | symbol, options: EventOptions = {}): Stream<unknown> {
    return made(eventSource(emitter, event, checkOptions(options)));
  }

  /**
   * The values of an observable: anything with a `subscribe` method, or one under `Symbol.observable`. Subscribing happens at the first pull; values that come
   * faster than they are pulled wait in a buffer. One that emits endlessly while it is being subscribed to never comes back.
   *
   * @example
   * ```ts
   * const countdown = {
   *   subscribe(observer: Observer<number>) {
   *     for (const n of [3, 2, 1]) observer.next(n);
   *     observer.complete();
   *   },
   * };
   * console.log(await Stream.fromObservable(countdown).toArray()); // [ 3, 2, 1 ]
   * ```
   *
   * @throws {TypeError} if `observable` is none, or an option is wrong.
   */
  static fromObservable<T>(observable: Subscribable<T>, options: PushOptions = {}): Stream<T> {
    return made(observableSource(observable, checkOptions(options)) as () => Source<T>);
  }

  /**
   * The numbers from 0, one every `ms` milliseconds, the first at once; from when the stream is first pulled. A number that nobody asks for when it is
   * due is a missed tick, of which `missed` in the options says what becomes, as for {@link interval}.
   *
   * ```text
   * interval(10)              0────1────2────3────4──
   * interval(10, {first: 5})  ──0────1────2────3────4
   * ```
   *
   * @example
   * ```ts
   * console.log(await Stream.interval(5).take(3).toArray()); // [ 0, 1, 2 ]
   * ```
   *
   * @throws {RangeError} if `ms` is not positive, or `first` is negative.
   * @throws {TypeError} if `options` is no object, or `missed` none of the three.
   */
  static interval(ms: number, options?: IntervalOptions): Stream<number> {
    return new Stream<number>({ source: intervalSource(ms, options) as () => Source<unknown>, stages: [] });
  }

  // ── inside ──

  #through<U>(name: string, added: StageMaker): Stream<U> {
    const plan = this[planning](name);
    return new Stream<U>({ ...plan, stages: [...plan.stages, added] });
  }

  #produced<U>(name: string, make: (upstream: Upstream<T>) => Producer<U>): Stream<U> {
    const plan = this[planning](name);
    return new Stream<U>({ source: () => make(Upstream.of<T>(plan)), stages: [], isOnce: plan.isOnce });
  }

  #combined<U>(name: string, others: Others, make: (upstreams: Upstream<never>[]) => Producer<U>): Stream<U> {
    // All are checked before any is given away.
    for (const other of others) checkItems(other);
    const plans = others.map((other) => planOf(other, name));
    plans.unshift(this[planning](name));
    const isOnce = plans.some((plan) => plan.isOnce);
    return new Stream<U>({ source: () => make(plans.map((plan) => Upstream.of<never>(plan))), stages: [], isOnce });
  }

  // ── one item after the other ──

  /** What `fn` makes of each item. */
  map<U>(fn: Asked<T, U>): Stream<U> {
    return this.#through("map", stage(MapStage<T, U>, checkFunction("fn", fn)));
  }

  /** The items that `predicate` accepts. */
  filter<S extends T>(predicate: (value: T, index: number) => value is S): Stream<S>;
  filter(predicate: Asked<T, unknown>): Stream<T>;
  filter(predicate: Asked<T, unknown>): Stream<T> {
    return this.#through("filter", stage(Filter<T>, checkFunction("predicate", predicate)));
  }

  /** What `fn` makes of each item, without those of which it makes `undefined`. */
  filterMap<U>(fn: Asked<T, U | undefined>): Stream<U> {
    return this.#through("filterMap", stage(FilterMap<T, U>, checkFunction("fn", fn)));
  }

  /**
   * The items of what `fn` gives for each item: of one after the other, each closed before the next is asked for.
   *
   * @example
   * ```ts
   * const letters = Stream.from(["ab", "c"]).flatMap((word) => [...word]);
   * console.log(await letters.toArray()); // [ 'a', 'b', 'c' ]
   * ```
   */
  flatMap<U>(fn: Asked<T, Streamable<U>>): Stream<U> {
    return this.#through("flatMap", stage(FlatMap<T, U>, checkFunction("fn", fn) as Asked<T, unknown>, innerOf<U>));
  }

  /** The items of each item: of one after the other. */
  flatten<U>(this: Stream<Streamable<U>>): Stream<U> {
    const itself = (inner: Streamable<U>): Streamable<U> => inner;
    return this.flatMap(itself);
  }

  /** The first `count` items. When they have been given, what is upstream is closed by the next pull. */
  take(count: number): Stream<T> {
    return this.#through("take", stage(Take<T>, checkCount("count", count)));
  }

  /** The items up to the first that `predicate` does not accept. */
  takeWhile<S extends T>(predicate: (value: T, index: number) => value is S): Stream<S>;
  takeWhile(predicate: Asked<T, unknown>): Stream<T>;
  takeWhile(predicate: Asked<T, unknown>): Stream<T> {
    return this.#through("takeWhile", stage(TakeWhile<T>, checkFunction("predicate", predicate)));
  }

  /**
   * The items up to the moment when `signal` is cancelled, which ends the stream well, even in the middle of a pull.
   *
   * @example
   * ```ts
   * const stop = new CancellationToken();
   * const naturals = Stream.range(1).takeUntil(stop);
   * for await (const n of naturals) {
   *   console.log(n); // 1 2 3
   *   if (n === 3) stop.cancel();
   * }
   * ```
   */
  takeUntil(signal: Signal): Stream<T> {
    const source = cancelSourceOf(signal);
    return this.#produced("takeUntil", (upstream) => new TakeUntil(upstream, source));
  }

  /** All but the first `count` items. */
  drop(count: number): Stream<T> {
    return this.#through("drop", stage(Drop<T>, checkCount("count", count)));
  }

  /** The items from the first that `predicate` does not accept. */
  dropWhile(predicate: Asked<T, unknown>): Stream<T> {
    return this.#through("dropWhile", stage(DropWhile<T>, checkFunction("predicate", predicate)));
  }

  /** Each item with its number, from 0. */
  enumerate(): Stream<[number, T]> {
    return this.#through("enumerate", stage(Enumerate<T>));
  }

  /** As `reduce`, but with the sum so far as an item each time. */
  scan<A>(fn: (sum: A, value: T, index: number) => A | PromiseLike<A>, initial: A): Stream<A> {
    return this.#through("scan", stage(Scan<T, A>, checkFunction("fn", fn), initial));
  }

  /** Arrays of `size` items; the last may have fewer. */
  chunks(size: number): Stream<T[]> {
    return this.#through("chunks", stage(Chunks<T>, checkCount("size", size, 1)));
  }

  /** Calls `fn` with each item on its way. */
  inspect(fn: Asked<T, unknown>): Stream<T> {
    return this.#through("inspect", stage(Inspect<T>, checkFunction("fn", fn)));
  }

  /** Leaves out each item that is the same as the one before, or has the same `key`, in the sense of `Object.is`. */
  dedupe(key: Asked<T, unknown> = (value) => value as unknown): Stream<T> {
    return this.#through("dedupe", stage(Dedupe<T>, checkFunction("key", key)));
  }

  // ── with others ──

  /** These items, and then those of each of the others. */
  chain<O extends Others>(...others: O): Stream<T | ItemOf<O[number]>> {
    return this.#combined("chain", others, (upstreams) => new Chain(upstreams as never));
  }

  /**
   * These items and those of the others, as they come; where several have one, each is as likely to be next.
   *
   * ```text
   * a       1───2───────3─|
   * b       ──x───y──|
   * merged  1─x─2─y─────3─|
   * ```
   */
  merge<O extends Others>(...others: O): Stream<T | ItemOf<O[number]>> {
    return this.#combined("merge", others, (upstreams) => new Merge(upstreams as never));
  }

  /** An array of the first items of each, then of the second ones; the stream that ends first ends it. */
  zip<const O extends Others>(...others: O): Stream<[T, ...ItemsOf<O>]> {
    return this.#combined("zip", others, (upstreams) => new Zip(upstreams)) as Stream<unknown> as Stream<
      [T, ...ItemsOf<O>]
    >;
  }

  /**
   * Whenever one has a new item, an array of the latest of each, as soon as each has one.
   *
   * ```text
   * a       1─────2───────|
   * b       ──x─────y──|
   * latest  ──1x──2x─2y───|
   * ```
   */
  combineLatest<const O extends Others>(...others: O): Stream<[T, ...ItemsOf<O>]> {
    return this.#combined(
      "combineLatest",
      others,
      (upstreams) => new CombineLatest(upstreams),
    ) as Stream<unknown> as Stream<[T, ...ItemsOf<O>]>;
  }

  // ── several at once ──

  /**
   * Calls `fn` with each item, at most `limit` calls at once, each in a task of its own; gives the results in the order of the items, or as they are
   * there, with `ordered: false`. `fn` is an async function, a generator function or a plain one; it is given the item, its index, and its task.
   *
   * A result counts until it is handed on: a consumer that is slow keeps at most `limit` items under way, and those that are finished wait for it.
   *
   * ```text
   * f(a), f(b), f(c)                        ├───a───┤├──c──┤
   *                                         ├─b─┤
   * mapConcurrent(2, f)                     ────────ab─────c
   *
   * f(a), f(b), f(c)                        ├───a───┤
   *                                         ├─b─┤├──c──┤
   * mapConcurrent(2, f, {ordered: false})   ────b───a──c
   * ```
   *
   * The first failure, of a call or of the stream, cancels the other calls. What had come out before it is still handed on; the failure follows, when
   * all calls have ended (an `AggregateError` if several failed). With `settled: true` no call fails the stream: its items are how each call
   * ended, as those of a {@link JoinSet} are.
   *
   * Leaving the stream cancels the calls under way, and waits for their cleanup. What failed meanwhile is thrown there.
   *
   * @example
   * ```ts
   * const sizes = Stream.from(["a", "bcd", "ef"]).mapConcurrent(2, async (text) => {
   *   await sleep(5);
   *   return text.length;
   * });
   * console.log(await sizes.toArray()); // [ 1, 3, 2 ]
   * ```
   *
   * @throws {RangeError} unless `limit` is a whole number of at least 1, or `Infinity`.
   * @throws {TypeError} if `fn` is not a function, or `options` no object.
   */
  mapConcurrent<R>(
    limit: number,
    fn: MapBody<T, R>,
    options: ConcurrentOptions & { readonly settled: true },
  ): Stream<Settled<Outcome<R>>>;
  mapConcurrent<R>(
    limit: number,
    fn: MapBody<T, R>,
    options?: ConcurrentOptions & { readonly settled?: false | undefined },
  ): Stream<Outcome<R>>;
  mapConcurrent(
    limit: number,
    fn: (item: T, index: number, self: Self) => unknown,
    options?: ConcurrentOptions,
  ): Stream<unknown> {
    const orders = mapping(limit, fn, options);
    return this.#produced("mapConcurrent", (upstream) => new Concurrent(upstream, orders));
  }

  /**
   * Of a stream of work, functions or operations: does it, at most `limit` pieces at once, each in a task of its own, and gives the results in the
   * order of the items. For the rest it is {@link mapConcurrent}.
   *
   * @example
   * ```ts
   * const pages = ["/", "/about"].map((path) => async () => `page of ${path}`);
   * console.log(await Stream.from(pages).buffered(2).toArray()); // [ 'page of /', 'page of /about' ]
   * ```
   *
   * @throws {RangeError} unless `limit` is a whole number of at least 1, or `Infinity`.
   */
  buffered<W extends Work>(this: Stream<W>, limit: number): Stream<WorkResult<W>> {
    const orders = starting(limit, true);
    return this.#produced("buffered", (upstream) => new Concurrent(upstream, orders) as Producer<WorkResult<W>>);
  }

  /**
   * What {@link buffered} does, with each result given as it is there.
   *
   * @example
   * ```ts
   * const naps = Stream.from([200, 5]).map((ms) => () => sleep(ms).then(() => ms));
   * console.log(await naps.bufferUnordered(2).toArray()); // [ 5, 200 ]
   * ```
   *
   * @throws {RangeError} unless `limit` is a whole number of at least 1, or `Infinity`.
   */
  bufferUnordered<W extends Work>(this: Stream<W>, limit: number): Stream<WorkResult<W>> {
    const orders = starting(limit, false);
    return this.#produced("bufferUnordered", (upstream) => new Concurrent(upstream, orders) as Producer<WorkResult<W>>);
  }

  // ── time ──

  /**
   * At most one item in `ms` milliseconds. Nothing is left out: the next item is not asked for before the time has come.
   *
   * ```text
   * in            a-b-c-----------d──
   * throttle(4)   a---b---c-------d──
   * ```
   *
   * @example
   * ```ts
   * const started = performance.now();
   * await Stream.range(0, 3).throttle(10).toArray();
   * console.log(performance.now() - started >= 20); // true
   * ```
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   */
  throttle(ms: number): Stream<T> {
    checkDuration("ms", ms);
    return this.#produced("throttle", (upstream) => new Throttle(upstream, ms));
  }

  /**
   * Hands each item on `ms` milliseconds after it came. Only then the next one is asked for. The end is not delayed, nor is an error.
   *
   * ```text
   * in         a-b--------c---|
   * delay(3)   ---a--b-------c|
   * ```
   *
   * @example
   * ```ts
   * const started = performance.now();
   * await Stream.from(["a", "b"]).delay(10).toArray();
   * console.log(performance.now() - started >= 20); // true
   * ```
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   */
  delay(ms: number): Stream<T> {
    checkDuration("ms", ms);
    return this.#produced("delay", (upstream) => new Delay(upstream, ms));
  }

  /**
   * The last of the items that come in quick succession: the one after which none has come for `ms` milliseconds of waiting. At the end the one that is
   * held is handed on at once; an error takes its place.
   *
   * ```text
   * in            a-b-c---------d-e|
   * debounce(4)   --------c-------e|
   * ```
   *
   * @example
   * ```ts
   * const keys = Stream.from(["g", "go", "gok"]).debounce(10);
   * console.log(await keys.toArray()); // [ 'gok' ]
   * ```
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   */
  debounce(ms: number): Stream<T> {
    checkDuration("ms", ms);
    return this.#produced("debounce", (upstream) => new Debounce(upstream, ms));
  }

  /**
   * Fails when an item takes longer than `ms` milliseconds, from when it is asked for. Only time that somebody waits is counted: not what
   * is done between two items. Pulling the stream then throws `CancelledError` with the name `"TimeoutError"`, and what is upstream is closed.
   *
   * ```text
   * in           a--b-------c
   * timeout(4)   a--b----✗
   * ```
   *
   * @example
   * ```ts
   * const silent = Stream.from(chan<string>()).timeout(10);
   * console.log(await silent.next().catch((error) => error.name)); // TimeoutError
   * ```
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   */
  timeout(ms: number): Stream<T> {
    checkDuration("ms", ms);
    return this.#produced("timeout", (upstream) => new TimeLimit(upstream, ms));
  }

  /**
   * The items in arrays of `size`, or of fewer where more have not come within `ms` milliseconds from the first. The last has what is left; an
   * error drops what has been collected.
   *
   * ```text
   * in                  a-b-c-d---------e-f|
   * chunksTimeout(3,4)  ----abc----d------ef|
   * ```
   *
   * @example
   * ```ts
   * console.log(await Stream.range(0, 5).chunksTimeout(2, 1000).toArray()); // [ [ 0, 1 ], [ 2, 3 ], [ 4 ] ]
   * ```
   *
   * @throws {RangeError} unless `size` is a whole number of at least 1, and `ms` 0 or more.
   */
  chunksTimeout(size: number, ms: number): Stream<T[]> {
    checkCount("size", size, 1);
    checkDuration("ms", ms);
    return this.#produced("chunksTimeout", (upstream) => new ChunksTimeout(upstream, size, ms));
  }

  // ── several streams of one ──

  /**
   * Several streams of these items, each of which has them all. The fastest may be `buffer` items, 16 unless told, ahead of the slowest, and then
   * waits for it: whoever does not want a branch has to close it. An error reaches each branch; the stream is closed with the last of them.
   *
   * ```text
   * items     1─────2─────3─|
   * branch a  1─────2─────3─|
   * branch b  ──1─────────23|
   * ```
   *
   * @example
   * ```ts
   * const [sums, counts] = Stream.range(1, 11).tee();
   * console.log(await Promise.all([sums.reduce((sum, n) => sum + n, 0), counts.count()])); // [ 55, 10 ]
   * ```
   *
   * @throws {RangeError} if `count` or `buffer` is less than 1.
   */
  tee(count?: 2, options?: BufferOptions): [Stream<T>, Stream<T>];
  tee(count: number, options?: BufferOptions): Stream<T>[];
  tee(count = 2, options?: BufferOptions): Stream<T>[] {
    checkCount("count", count, 1);
    const buffer = checkBuffer(options);
    return teed<T>(this[planning]("tee"), count, buffer).map((plan) => new Stream<T>(plan));
  }

  /**
   * Two streams: of the items that `predicate` accepts, and of the others. At most `buffer` items, 16 unless told, wait for one of them while the other is
   * read; if it is closed, its items are dropped. An error reaches both; the stream is closed with the second.
   *
   * ```text
   * items     1──2──3──4──5─|
   * odd       1─────3─────5─|
   * even      ───2─────4────|
   * ```
   *
   * @example
   * ```ts
   * const [even, odd] = Stream.range(0, 6).partition((n) => n % 2 === 0);
   * console.log(await even.toArray(), await odd.toArray()); // [ 0, 2, 4 ] [ 1, 3, 5 ]
   * ```
   *
   * @throws {RangeError} if `buffer` is less than 1.
   */
  partition<S extends T>(
    predicate: (value: T, index: number) => value is S,
    options?: BufferOptions,
  ): [Stream<S>, Stream<Exclude<T, S>>];
  partition(predicate: Asked<T, unknown>, options?: BufferOptions): [Stream<T>, Stream<T>];
  partition(predicate: Asked<T, unknown>, options?: BufferOptions): Stream<T>[] {
    checkFunction("predicate", predicate);
    const buffer = checkBuffer(options);
    return partitioned(this[planning]("partition"), predicate, buffer).map((plan) => new Stream<T>(plan));
  }

  /**
   * A stream that any number can subscribe to, at any time: each sees the items from then on. As with {@link tee}, the fastest subscriber is at most
   * `buffer` items, 16 unless told, ahead of the slowest. The first pull of a subscriber starts the stream; it is closed with the last one.
   *
   * @example
   * ```ts
   * const prices = Stream.from([10, 20, 30]).share();
   * const screen = prices.subscribe();
   * console.log(await screen.recv()); // 10
   * const log = prices.subscribe();
   * console.log(await screen.toArray(), await log.toArray()); // [ 20, 30 ] [ 20, 30 ]
   * ```
   *
   * @throws {RangeError} if `buffer` is less than 1.
   */
  share(options?: BufferOptions): Shared<T> {
    const buffer = checkBuffer(options);
    return new Shared<T>(this[planning]("share"), buffer, (plan) => new Stream<T>(plan));
  }

  /**
   * A stream for each key, in the order in which the keys appear: `[key, items]`. Read the groups as they come, at the same time: at most `buffer` items, 16 unless told,
   * wait for one of them, or groups to be taken, while others are read. The items of a group that was closed are dropped.
   *
   * ```text
   * items   a1──b1──a2──b2─|
   * groups  a───b──────────|
   * a       a1──────a2─────|
   * b       ────b1──────b2─|
   * ```
   *
   * An error reaches the stream of groups and each group. If the stream of groups is left, groups go on that have been pulled; the others are cut off, and
   * reading one throws `MisuseError`. Upstream is closed when all these are left.
   *
   * @example
   * ```ts
   * const orders = Stream.from(["tea 2", "milk 1", "tea 3"]).groupBy((order) => order.split(" ")[0]);
   * await scope(async (s) => {
   *   for await (const [name, group] of orders) {
   *     s.spawn(async () => console.log(name, await group.count())); // tea 2 milk 1
   *   }
   * });
   * ```
   *
   * @throws {RangeError} if `buffer` is less than 1.
   */
  groupBy<K>(key: Asked<T, K>, options?: BufferOptions): Stream<[key: K, items: Stream<T>]> {
    checkFunction("key", key);
    const buffer = checkBuffer(options);
    return new Stream(grouped(this[planning]("groupBy"), key, buffer, (plan) => new Stream<T>(plan)));
  }

  /** The same items, in a stream that lets one look at the next without taking it. */
  peekable(): PeekableStream<T> {
    return new PeekableStream<T>(this[planning]("peekable"));
  }

  // ── failures and leaving ──

  /**
   * Starts again when the stream fails, after a pause that grows. The attempts are counted anew after each item; items that have been given are not taken back.
   *
   * @example
   * ```ts
   * let connections = 0;
   * const lines = Stream.from(async function* () {
   *   connections++;
   *   yield "hello";
   *   if (connections === 1) throw new Error("connection lost");
   * }).retry({ attempts: 3, backoff: { base: 1 } });
   * console.log(await lines.toArray()); // [ 'hello', 'hello' ]
   * ```
   *
   * @throws {TypeError} if the stream cannot be started again: give `Stream.from` a function.
   */
  retry(options: Attempting = {}): Stream<T> {
    const policy = new Policy(options);
    const plan = this[planning]("retry");
    if (plan.isOnce)
      throw new TypeError(
        "a stream of an iterator cannot be started again; give Stream.from a function that makes one",
      );
    return new Stream<T>({ source: () => new Retry<T>(plan, policy), stages: [] });
  }

  /** Goes on with what `handler` gives for the error, when the stream fails: an array, for instance, or another stream. */
  catch<U>(handler: (error: unknown) => Streamable<U>): Stream<T | U> {
    checkFunction("handler", handler);
    return this.#produced(
      "catch",
      (upstream) => new Catch<T | U>(upstream, (error) => planOf(handler(error), "catch")),
    );
  }

  /** Calls `fn` if the stream is left before it has ended or failed; an async one is waited for. */
  onCancel(fn: () => unknown): Stream<T> {
    return this.#through("onCancel", stage(OnCancel<T>, checkFunction("fn", fn)));
  }
}

/** A stream that lets one look at the next item without taking it: what {@link Stream.peekable} makes. */
export class PeekableStream<T> extends Stream<T> {
  /** @internal */
  get [peeking](): Operation<IteratorResult<T, undefined>> {
    return new Peek(this.run);
  }

  /**
   * Looks at the next item, which the next pull takes, unless somebody else pulls first; `{ done: true }` once the stream has ended.
   *
   * Cancel-safe: it takes nothing, cancelled or not.
   *
   * @example
   * ```ts
   * const digits = Stream.from([1, 1, 2]).peekable();
   * let run = 0;
   * while ((await digits.peek()).value === 1) run += await digits.recv();
   * console.log(run, await digits.toArray()); // 2 [ 2 ]
   * ```
   *
   * @throws what the stream has failed with, once: a pull is then told the end.
   */
  peek(options?: WaitOptions): Promise<IteratorResult<T, undefined>> {
    const op = this[peeking];
    this.fill();
    return start(op, options);
  }
}

function made<T>(source: () => Source<T>): Stream<T> {
  return new Stream<T>({ source, stages: [] } as Plan);
}

function innerOf<U>(answer: unknown): Source<U> {
  return sourceOf(answer as Streamable<U>);
}
