/** filter · map · take over the numbers below 10⁷, summed up: a chain of plain functions over a source that has everything at hand. */
import { Stream } from "gokio";
import { filter, lastValueFrom, map, range, reduce, take } from "rxjs";
import { check, type Row, rate } from "../case.ts";

const COUNT = 10_000_000;
const TAKEN = 4_000_000;
const SUM = TAKEN * TAKEN;
/** How many numbers have gone through when the last is taken. */
const SEEN = 2 * TAKEN;

const isEven = (n: number): boolean => n % 2 === 0;
const increment = (n: number): number => n + 1;
const add = (sum: number, n: number): number => sum + n;

async function streams(): Promise<number> {
  return rate(SEEN, async () => {
    const sum = await Stream.range(0, COUNT).filter(isEven).map(increment).take(TAKEN).reduce(add, 0);
    check(sum === SUM, `the sum is ${sum}`);
  });
}

async function rxjs(): Promise<number> {
  return rate(SEEN, async () => {
    const sum = await lastValueFrom(range(0, COUNT).pipe(filter(isEven), map(increment), take(TAKEN), reduce(add, 0)));
    check(sum === SUM, `the sum is ${sum}`);
  });
}

function* numbers(end: number): Generator<number> {
  for (let n = 0; n < end; n++) yield n;
}

function* filtered<T>(items: Iterable<T>, predicate: (item: T) => boolean): Generator<T> {
  for (const item of items) if (predicate(item)) yield item;
}

function* mapped<T, U>(items: Iterable<T>, fn: (item: T) => U): Generator<U> {
  for (const item of items) yield fn(item);
}

function* taken<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const item of items) {
    yield item;
    if (--left === 0) return;
  }
}

async function generators(): Promise<number> {
  return rate(SEEN, () => {
    let sum = 0;
    for (const n of taken(mapped(filtered(numbers(COUNT), isEven), increment), TAKEN)) sum += n;
    check(sum === SUM, `the sum is ${sum}`);
  });
}

const common = { work: "stream filter·map·take over a range", unit: "M/s" } as const;

export const streamSync: readonly Row[] = [
  {
    ...common,
    by: "streams",
    run: streams,
    peers: { tokio: "405 / 99", js: "RxJS 96, Effect 65" },
    target: { atLeast: 1, times: "RxJS" },
  },
  { ...common, by: "RxJS", run: rxjs },
  { ...common, by: "sync generators", run: generators },
];
