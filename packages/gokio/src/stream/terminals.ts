/**
 * What becomes of a whole stream: one value.
 *
 * Each is here as the operation; the method of the same name starts it.
 *
 * @module
 */
import { checkFunction } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";
import { isThenable } from "../task/body.ts";
import { CUT, GO, type Line, type Resumable, type Signal } from "./line.ts";
import { isAsyncFunction, type Planned, planning } from "./plan.ts";
import { Collect, Collector } from "./terminal.ts";

/** What is called with each item; `index` counts them from 0. It may be async: the next item waits for it. */
export type Visit<T, R> = (value: T, index: number) => R | PromiseLike<R>;

function collect<T, R>(
  stream: Planned<T>,
  what: string,
  collector: () => Collector<T, R>,
  options: WaitOptions | undefined,
): Operation<R> {
  return withOptions(new Collect(what, stream[planning](what), collector()), options);
}

/**
 * All items in an array, as an operation.
 *
 * Cancel-safe: a cancelled call leaves the stream; the items it had are dropped.
 *
 * @example
 * ```ts
 * const squares = spawn(function* () {
 *   return yield* toArray(Stream.range(1, 5).map((n) => n * n));
 * });
 * console.log(await squares); // [ 1, 4, 9, 16 ]
 * ```
 */
export function toArray<T>(stream: Planned<T>, options?: WaitOptions): Operation<T[]> {
  return collect(stream, "toArray", () => new ToArray<T>(), options);
}

/**
 * What `fn` makes of all items, one after the other, beginning with `initial`, as an operation.
 *
 * Cancel-safe: a cancelled call leaves the stream.
 *
 * @example
 * ```ts
 * console.log(await reduce(Stream.range(1, 5), (sum, n) => sum + n, 0)); // 10
 * ```
 */
export function reduce<T, A>(
  stream: Planned<T>,
  fn: (sum: A, value: T, index: number) => A | PromiseLike<A>,
  initial: A,
  options?: WaitOptions,
): Operation<A> {
  checkFunction("fn", fn);
  return collect(stream, "reduce", () => new Reduce<T, A>(fn, initial), options);
}

/**
 * Calls `fn` with each item, as an operation; an async `fn` is waited for before the next item is asked for.
 *
 * Cancel-safe: a cancelled call leaves the stream.
 *
 * @example
 * ```ts
 * await forEach(Stream.from(["a", "b"]), (text, i) => console.log(i, text));
 * // 0 a
 * // 1 b
 * ```
 */
export function forEach<T>(stream: Planned<T>, fn: Visit<T, unknown>, options?: WaitOptions): Operation<void> {
  checkFunction("fn", fn);
  return collect(stream, "forEach", () => new ForEach<T>(fn), options);
}

/**
 * The first item, as an operation; `undefined` if there is none. Nothing more is asked for, and the stream is closed.
 *
 * Cancel-safe: a cancelled call leaves the stream.
 *
 * @example
 * ```ts
 * console.log(await first(Stream.range(7))); // 7
 * ```
 */
export function first<T>(stream: Planned<T>, options?: WaitOptions): Operation<T | undefined> {
  return collect(stream, "first", () => new Find<T>(() => true), options);
}

/**
 * The last item, as an operation; `undefined` if there is none.
 *
 * Cancel-safe: a cancelled call leaves the stream.
 *
 * @example
 * ```ts
 * console.log(await last(Stream.range(0, 10))); // 9
 * ```
 */
export function last<T>(stream: Planned<T>, options?: WaitOptions): Operation<T | undefined> {
  return collect(stream, "last", () => new Reduce<T, T | undefined>((_, value) => value, undefined), options);
}

/**
 * How many items there are, as an operation.
 *
 * Cancel-safe: a cancelled call leaves the stream.
 *
 * @example
 * ```ts
 * console.log(await count(Stream.range(0, 10).filter((n) => n % 3 === 0))); // 4
 * ```
 */
export function count(stream: Planned<unknown>, options?: WaitOptions): Operation<number> {
  return collect(stream, "count", () => new Count(), options);
}

/**
 * Whether `predicate` accepts an item, as an operation. After the first it does, nothing more is asked for.
 *
 * Cancel-safe: a cancelled call leaves the stream.
 *
 * @example
 * ```ts
 * console.log(await some(Stream.range(0), (n) => n > 100)); // true
 * ```
 */
export function some<T>(stream: Planned<T>, predicate: Visit<T, unknown>, options?: WaitOptions): Operation<boolean> {
  checkFunction("predicate", predicate);
  return collect(stream, "some", () => new Some<T>(predicate, true), options);
}

/**
 * Whether `predicate` accepts every item, as an operation. After the first it does not, nothing more is asked for.
 *
 * Cancel-safe: a cancelled call leaves the stream.
 *
 * @example
 * ```ts
 * console.log(await every(Stream.range(0), (n) => n < 100)); // false
 * ```
 */
export function every<T>(stream: Planned<T>, predicate: Visit<T, unknown>, options?: WaitOptions): Operation<boolean> {
  checkFunction("predicate", predicate);
  return collect(stream, "every", () => new Some<T>(predicate, false), options);
}

/**
 * The first item that `predicate` accepts, as an operation; `undefined` if there is none.
 *
 * Cancel-safe: a cancelled call leaves the stream.
 *
 * @example
 * ```ts
 * console.log(await find(Stream.range(1), (n) => n % 7 === 0)); // 7
 * ```
 */
export function find<T, S extends T>(
  stream: Planned<T>,
  predicate: (value: T, index: number) => value is S,
  options?: WaitOptions,
): Operation<S | undefined>;
export function find<T>(
  stream: Planned<T>,
  predicate: Visit<T, unknown>,
  options?: WaitOptions,
): Operation<T | undefined>;
export function find<T>(
  stream: Planned<T>,
  predicate: Visit<T, unknown>,
  options?: WaitOptions,
): Operation<T | undefined> {
  checkFunction("predicate", predicate);
  return collect(stream, "find", () => new Find<T>(predicate), options);
}

/**
 * The items by their keys, as an operation; of several with one key the last.
 *
 * Cancel-safe: a cancelled call leaves the stream.
 *
 * @example
 * ```ts
 * const byLength = await toMap(Stream.from(["a", "bb", "cc"]), (text) => text.length);
 * console.log(byLength.get(2)); // cc
 * ```
 */
export function toMap<T, K>(
  stream: Planned<T>,
  key: (value: T, index: number) => K | PromiseLike<K>,
  options?: WaitOptions,
): Operation<Map<K, T>> {
  checkFunction("key", key);
  return collect(stream, "toMap", () => new ToMap<T, K>(key), options);
}

// ── the collectors ──

class ToArray<T> extends Collector<T, T[]> {
  readonly #items: T[] = [];

  override push(value: T): Signal {
    this.#items.push(value);
    return GO;
  }

  override result(): T[] {
    return this.#items;
  }
}

class Count extends Collector<unknown, number> {
  #count = 0;

  override push(): Signal {
    this.#count++;
    return GO;
  }

  override result(): number {
    return this.#count;
  }
}

/** Asks a function about each item, which may answer later. */
abstract class Visitor<T, A, R> extends Collector<T, R> implements Resumable {
  readonly #isForeign: boolean;
  #index = 0;
  #value: T | undefined = undefined;

  constructor(fn: unknown) {
    super();
    this.#isForeign = isAsyncFunction(fn);
  }

  /** Calls the function. */
  protected abstract ask(value: T, index: number): A | PromiseLike<A>;
  protected abstract answered(value: T, answer: A): Signal;

  override push(value: T): Signal {
    const answer = this.#isForeign
      ? this.line.enter(() => this.ask(value, this.#index++))
      : this.ask(value, this.#index++);
    if (typeof answer !== "object" || !isThenable(answer)) return this.answered(value, answer as A);
    this.#value = value;
    return this.line.wait(answer, this);
  }

  resumed(answer: unknown): Signal {
    const value = this.#value as T;
    this.#value = undefined;
    return this.answered(value, answer as A);
  }

  /** Wants no more. */
  protected enough(line: Line): Signal {
    line.cut(Number.POSITIVE_INFINITY, this);
    return CUT;
  }
}

class Reduce<T, A> extends Visitor<T, A, A> {
  readonly #fn: (sum: A, value: T, index: number) => A | PromiseLike<A>;
  #sum: A;

  constructor(fn: (sum: A, value: T, index: number) => A | PromiseLike<A>, initial: A) {
    super(fn);
    this.#fn = fn;
    this.#sum = initial;
  }

  protected override ask(value: T, index: number): A | PromiseLike<A> {
    return this.#fn(this.#sum, value, index);
  }

  protected override answered(_value: T, answer: A): Signal {
    this.#sum = answer;
    return GO;
  }

  override result(): A {
    return this.#sum;
  }
}

class ForEach<T> extends Visitor<T, unknown, void> {
  readonly #fn: Visit<T, unknown>;

  constructor(fn: Visit<T, unknown>) {
    super(fn);
    this.#fn = fn;
  }

  protected override ask(value: T, index: number): unknown {
    return this.#fn(value, index);
  }

  protected override answered(): Signal {
    return GO;
  }

  override result(): void {}
}

class Find<T> extends Visitor<T, unknown, T | undefined> {
  readonly #predicate: Visit<T, unknown>;
  #found: T | undefined = undefined;

  constructor(predicate: Visit<T, unknown>) {
    super(predicate);
    this.#predicate = predicate;
  }

  protected override ask(value: T, index: number): unknown {
    return this.#predicate(value, index);
  }

  protected override answered(value: T, answer: unknown): Signal {
    if (!answer) return GO;
    this.#found = value;
    return this.enough(this.line);
  }

  override result(): T | undefined {
    return this.#found;
  }
}

/** Whether there is an item of which the predicate says `wanted`. */
class Some<T> extends Visitor<T, unknown, boolean> {
  readonly #predicate: Visit<T, unknown>;
  readonly #wanted: boolean;
  #isFound = false;

  constructor(predicate: Visit<T, unknown>, wanted: boolean) {
    super(predicate);
    this.#predicate = predicate;
    this.#wanted = wanted;
  }

  protected override ask(value: T, index: number): unknown {
    return this.#predicate(value, index);
  }

  protected override answered(_value: T, answer: unknown): Signal {
    if (Boolean(answer) !== this.#wanted) return GO;
    this.#isFound = true;
    return this.enough(this.line);
  }

  override result(): boolean {
    return this.#isFound === this.#wanted;
  }
}

class ToMap<T, K> extends Visitor<T, K, Map<K, T>> {
  readonly #key: (value: T, index: number) => K | PromiseLike<K>;
  readonly #map = new Map<K, T>();

  constructor(key: (value: T, index: number) => K | PromiseLike<K>) {
    super(key);
    this.#key = key;
  }

  protected override ask(value: T, index: number): K | PromiseLike<K> {
    return this.#key(value, index);
  }

  protected override answered(value: T, key: K): Signal {
    this.#map.set(key, value);
    return GO;
  }

  override result(): Map<K, T> {
    return this.#map;
  }
}
