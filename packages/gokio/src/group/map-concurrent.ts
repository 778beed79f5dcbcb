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
import { checkCount, checkFunction } from "../errors.ts";
import { FAILED } from "../kernel/coroutine-flags.ts";
import type { Block } from "../task/block.ts";
import type { AnyBody, CheckBody, Outcome, Self, Task } from "../task/body.ts";
import { each, type Iterated } from "../task/each.ts";
import type { TaskGroup, TaskRecord } from "../task/task.ts";
import { Gate, type Gated } from "./gate.ts";
import { ScopeBlock } from "./scope.ts";
import type { ScopeRegion } from "./scope-region.ts";

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
 * @throws {TypeError} when it is run, if `items` are nothing to go through.
 */
export function mapConcurrent<T, R>(items: Iterated<T>, limit: number, fn: MapBody<T, R>): Block<Outcome<R>[]> {
  if (limit !== Number.POSITIVE_INFINITY) checkCount("limit", limit, { min: 1 });
  checkFunction("fn", fn);
  return new ScopeBlock<Outcome<R>[]>((region) => new Mapping(region, limit, fn as MapFunction).run(items));
}

type MapFunction = (item: unknown, index: number, self: Self) => unknown;

class Mapping implements Gated<void> {
  readonly results: unknown[] = [];
  readonly region: ScopeRegion;
  readonly #limit: number;
  readonly #fn: MapFunction;
  readonly room = new Gate(this);

  constructor(region: ScopeRegion, limit: number, fn: MapFunction) {
    this.region = region;
    this.#limit = limit;
    this.#fn = fn;
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
    const index = this.results.push(undefined) - 1;
    // Bound, a generator function is still one, which a wrapper would hide from the task.
    const body = (this.#fn as (...args: unknown[]) => unknown).bind(undefined, item, index);
    this.region.start(body as AnyBody, undefined, new Item(this, index));
  }

  get isOpen(): boolean {
    return this.region.size < this.#limit;
  }

  pass(): void {}

  describe(): string {
    return `room for another of ${this.#limit} calls`;
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
