/** filter · map over an async generator, summed up: what the same costs as async generators around one another. */
import { Stream } from "gokio";
import { check, type Row, rate } from "../case.ts";

const COUNT = 500_000;
const SUM = (COUNT / 2) * (COUNT / 2);

const isEven = (n: number): boolean => n % 2 === 0;
const increment = (n: number): number => n + 1;
const add = (sum: number, n: number): number => sum + n;

async function* numbers(): AsyncGenerator<number> {
  for (let n = 0; n < COUNT; n++) yield n;
}

async function terminal(): Promise<number> {
  return rate(COUNT, async () => {
    const sum = await Stream.from(numbers).filter(isEven).map(increment).reduce(add, 0);
    check(sum === SUM, `the sum is ${sum}`);
  });
}

async function loop(): Promise<number> {
  return rate(COUNT, async () => {
    let sum = 0;
    for await (const n of Stream.from(numbers).filter(isEven).map(increment)) sum += n;
    check(sum === SUM, `the sum is ${sum}`);
  });
}

async function* filtered<T>(items: AsyncIterable<T>, predicate: (item: T) => boolean): AsyncGenerator<T> {
  for await (const item of items) if (predicate(item)) yield item;
}

async function* mapped<T, U>(items: AsyncIterable<T>, fn: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) yield fn(item);
}

async function generators(): Promise<number> {
  return rate(COUNT, async () => {
    let sum = 0;
    for await (const n of mapped(filtered(numbers(), isEven), increment)) sum += n;
    check(sum === SUM, `the sum is ${sum}`);
  });
}

const common = { work: "stream over an async source", unit: "M/s" } as const;

export const streamAsync: readonly Row[] = [
  { ...common, by: "streams", run: terminal, target: { atLeast: 1.5, times: "async generators" } },
  { ...common, by: "streams, for await", run: loop },
  { ...common, by: "async generators", run: generators, peers: { js: "4" } },
];
