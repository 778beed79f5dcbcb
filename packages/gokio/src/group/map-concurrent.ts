/**
 * Mapping a sequence with several calls under way at once.
 *
 * # Algorithm
 *
 * A scope whose body goes through the items, starts a child for each, and waits for room before it asks for the next item. The end of a
 * child puts its value in the item's place, and makes room.
 *
 * Invariant: at most `limit` children live, and no item has been asked for that there is no room for.
 *
 * @module
 */
import { checkCount, checkFunction, checkOptions } from "../errors.ts";
import { FAILED } from "../kernel/coroutine-flags.ts";
import type { Enter } from "../kernel/platform.ts";
import type { Block } from "../task/block.ts";
import type { AnyBody, CheckBody, Outcome, Self, Task } from "../task/body.ts";
import { each, type Iterated } from "../task/each.ts";
import { contextsFor } from "../task/inherit.ts";
import type { TaskGroup, TaskRecord } from "../task/task.ts";
import { Gate, type Gated } from "./gate.ts";
import { ScopeBlock } from "./scope.ts";
import type { ScopeRegion } from "./scope-region.ts";

export interface MapOptions {
  /** The name of the tasks, shown in dumps and errors. */
  readonly name?: string | undefined;
  /** Carries the caller's AsyncLocalStorage contexts along. */
  readonly inherit?: boolean | undefined;
}

export type MapBody<T, R> = ((item: T, index: number, self: Self) => R) & CheckBody<R>;

/**
 * Calls `fn` with each item, at most `limit` calls at once, each in a task of its own; gives the results in the order of the items.
 *
 * An item is asked for when there is room to work on it. The first failure, of a call or of the source, cancels the other calls, which are
 * waited for, and tells the source to end; it is what is thrown, or an `AggregateError` if more than one failed.
 *
 * Cancel-safe: when cancelled, it ends when every call has.
 *
 * @example
 * ```ts
 * const squares = await mapConcurrent([1, 2, 3, 4], 2, async (n) => {
 *   await sleep(5 - n);
 *   return n * n;
 * });
 * console.log(squares); // [ 1, 4, 9, 16 ]
 * ```
 *
 * @throws {RangeError} at the call, unless `limit` is a whole number of at least 1, or `Infinity`.
 * @throws {TypeError} at the call, if `fn` is not a function; when it is run, if `items` are nothing to go through.
 */
export function mapConcurrent<T, R>(
  items: Iterated<T>,
  limit: number,
  fn: MapBody<T, R>,
  options?: MapOptions,
): Block<Outcome<R>[]> {
  if (limit !== Number.POSITIVE_INFINITY) checkCount("limit", limit, 1);
  checkFunction("fn", fn);
  if (options !== undefined) checkOptions(options);
  const how: How = { limit, fn: fn as MapFunction, options, enter: contextsFor(options) };
  return new ScopeBlock<Outcome<R>[]>((region) => new Mapping(region, how).run(items));
}

type MapFunction = (item: unknown, index: number, self: Self) => unknown;

interface How {
  readonly limit: number;
  readonly fn: MapFunction;
  readonly options: MapOptions | undefined;
  /** Enters the caller's async contexts, where they are to be inherited. */
  readonly enter: Enter;
}

class Mapping implements Gated<void> {
  readonly results: unknown[] = [];
  readonly region: ScopeRegion;
  readonly #how: How;
  readonly room = new Gate(this);

  constructor(region: ScopeRegion, how: How) {
    this.region = region;
    this.#how = how;
  }

  *run(items: Iterated<unknown>): Task<unknown[]> {
    const mapping = this;
    yield* each(items, function* (item) {
      mapping.#start(item);
      yield* mapping.room;
    });
    // Full when the scope is left, for it waits for the children.
    return this.results;
  }

  #start(item: unknown): void {
    const { fn, options, enter } = this.#how;
    const index = this.results.push(undefined) - 1;
    // Bound, a generator function is still one, which a wrapper would hide from the task.
    const body = (fn as (...args: unknown[]) => unknown).bind(undefined, item, index) as AnyBody;
    enter(() => this.region.start(body, options, new Item(this, index)));
  }

  get isOpen(): boolean {
    return this.region.size < this.#how.limit;
  }

  pass(): void {}

  describe(): string {
    return `room for another of ${this.#how.limit} calls`;
  }
}

class Item implements TaskGroup {
  readonly #mapping: Mapping;
  readonly #index: number;

  constructor(mapping: Mapping, index: number) {
    this.#mapping = mapping;
    this.#index = index;
  }

  ended(task: TaskRecord): void {
    const { results, region, room } = this.#mapping;
    if ((task.flags & FAILED) === 0) results[this.#index] = task.slot;
    region.ended(task);
    room.open();
  }
}
