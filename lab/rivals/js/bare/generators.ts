/**
 * Generators and async generators around one another, as the language has them.
 *
 * The shape is that of the documentation of iterators and generators everywhere, each stage a `for…of` that yields. Node's own `filter`, `map` and `take` of iterators came
 * after Node 20, and are no quicker.
 *
 * @module
 */
import { nothingDone } from "../../../contestant/memory.ts";
import { increment, isEven } from "../../../contestant/numbers.ts";
import { type Contestant, type Sample, timed } from "../../../contestant/program.ts";

export const contestant: Contestant = {
  empty: nothingDone,
  "stream-sync": (size) =>
    timed(() => {
      let sum = 0;
      for (const n of taken(mapped(filtered(numbers(size), isEven), increment), size / 2)) sum += n;
      return sum;
    }),
  "stream-async": streamAsync,
  // There is no other way to the end than a loop.
  "stream-loop": streamAsync,
};

function streamAsync(size: number): Promise<Sample> {
  return timed(async () => {
    let sum = 0;
    for await (const n of asyncMapped(asyncFiltered(asyncNumbers(size), isEven), increment)) sum += n;
    return sum;
  });
}

function* numbers(size: number): Generator<number> {
  for (let n = 0; n < size; n++) yield n;
}

function* filtered<T>(items: Iterable<T>, predicate: (item: T) => boolean): Generator<T> {
  for (const item of items) if (predicate(item)) yield item;
}

function* mapped<T, U>(items: Iterable<T>, fn: (item: T) => U): Generator<U> {
  for (const item of items) yield fn(item);
}

function* taken<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  if (left === 0) return;
  for (const item of items) {
    yield item;
    if (--left === 0) return;
  }
}

async function* asyncNumbers(size: number): AsyncGenerator<number> {
  for (let n = 0; n < size; n++) yield n;
}

async function* asyncFiltered<T>(items: AsyncIterable<T>, predicate: (item: T) => boolean): AsyncGenerator<T> {
  for await (const item of items) if (predicate(item)) yield item;
}

async function* asyncMapped<T, U>(items: AsyncIterable<T>, fn: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) yield fn(item);
}
