import { type Chan, chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { find, reduce, toArray, toMap } from "../../src/stream/terminals.ts";
import type { Task } from "../../src/task/body.ts";
import { each } from "../../src/task/each.ts";

const numbers = Stream.from([1, 2, 3]);
const isText = (item: unknown): item is string => typeof item === "string";

export function sources(texts: Chan<string>, generate: () => AsyncGenerator<boolean>): void {
  const array: Stream<number> = Stream.from([1]);
  const channel: Stream<string> = Stream.from(texts);
  const generator: Stream<boolean> = Stream.from(generate());
  const maker: Stream<boolean> = Stream.from(generate);
  const characters: Stream<string> = Stream.from("abc");
  const range: Stream<number> = Stream.range(0, 10);
  const unfolded: Stream<string> = Stream.unfold(0, (n) => [String(n), n + 1]);
  const nothing: Stream<string> = Stream.empty<string>();
  const promises: Stream<Promise<number>> = Stream.from([Promise.resolve(1)]);
  void [array, channel, generator, maker, characters, range, unfolded, nothing, promises];

  // @ts-expect-error a number is nothing to go through
  Stream.from(5);
  // @ts-expect-error nor is what a function gives, if that is a number
  Stream.from(() => 5);
  // @ts-expect-error the state that comes out is not the one that goes in
  Stream.unfold(0, (n) => [String(n), "next"]);
}

export function chains(): void {
  const long: Stream<[number, string[]]> = numbers
    .map((n) => ({ n }))
    .filter(({ n }) => n > 1)
    .map(async ({ n }) => `${n}`)
    .filterMap((text) => (text === "2" ? undefined : text))
    .flatMap((text) => [...text])
    .scan((sum, text) => sum + text.length, 0)
    .map((n) => String(n))
    .take(3)
    .drop(1)
    .dedupe((text) => text.length)
    .inspect((text) => text.toUpperCase())
    .chunks(2)
    .enumerate();
  const awaited: Stream<number> = Stream.from(["a"]).map((text) => Promise.resolve(text.length));
  const scanned: Stream<string> = numbers.scan((sum, n, index) => `${sum}${n + index}`, "");
  const caught: Stream<number | string> = numbers.catch(() => ["down"]);
  void [long, awaited, scanned, caught];

  // @ts-expect-error items are numbers
  numbers.map((n: string) => n);
  // @ts-expect-error the result is a stream of numbers
  const wrong: Stream<string> = numbers.map((n) => n + 1);
  // @ts-expect-error filterMap leaves the undefined ones out
  const undefinedToo: Stream<undefined> = numbers.filterMap((n) => (n > 1 ? n : undefined));
  // @ts-expect-error what a number gives is nothing to go through
  numbers.flatMap((n) => n + 1);
  void [wrong, undefinedToo];
}

export function guards(mixed: Stream<string | number>): void {
  const filtered: Stream<string> = mixed.filter(isText);
  const taken: Stream<string> = mixed.takeWhile(isText);
  const inferred: Stream<string> = mixed.filter((item) => typeof item === "string");
  const found: Promise<string | undefined> = mixed.find(isText);
  const foundByOperation: Operation<string | undefined> = find(mixed, isText);
  const plain: Stream<string | number> = mixed.filter((item) => Promise.resolve(item !== 1));
  void [filtered, taken, inferred, found, foundByOperation, plain];

  // @ts-expect-error a predicate that is no guard leaves the type as it is
  const wrong: Stream<string> = mixed.filter((item) => item !== 1);
  void wrong;
}

export function flattened(texts: Chan<string>): void {
  const arrays: Stream<number> = Stream.from([[1], [2]]).flatten();
  const streams: Stream<string> = Stream.from([Stream.from(["a"])]).flatten();
  const channels: Stream<string> = Stream.from([texts]).flatten();
  const makers: Stream<number> = Stream.from([() => [1]]).flatten();
  const characters: Stream<string> = Stream.from(["ab"]).flatten();
  void [arrays, streams, channels, makers, characters];

  // @ts-expect-error numbers cannot be flattened
  numbers.flatten();
  // @ts-expect-error nor can objects
  Stream.from([{ a: 1 }]).flatten();
}

export function several(texts: Chan<string>, flags: Stream<boolean>): void {
  const chained: Stream<number | string | boolean> = numbers.chain(texts, flags);
  const merged: Stream<number | string> = numbers.merge(["a"]);
  const zipped: Stream<[number, string, boolean]> = numbers.zip(texts, flags);
  const latest: Stream<[number, boolean, number]> = numbers.combineLatest(flags, [1, 2]);
  const deep: Stream<[[number, string], boolean]> = Stream.from([1]).zip(texts).zip(flags);
  const alone: Stream<[number]> = numbers.zip();
  void [chained, merged, zipped, latest, deep, alone];

  // @ts-expect-error there is a string among them
  const wrong: Stream<number> = numbers.merge(["a"]);
  // @ts-expect-error a row has two places
  const short: Stream<[number]> = numbers.zip(texts);
  // @ts-expect-error the second is a string
  const swapped: Stream<[number, number]> = numbers.zip(texts);
  // @ts-expect-error 5 is no stream
  numbers.merge(5);
  void [wrong, short, swapped];
}

export async function values(): Promise<void> {
  const array: number[] = await numbers.toArray();
  const sum: string = await numbers.reduce((text, n) => text + n, "");
  const first: number | undefined = await numbers.first();
  const last: number | undefined = await numbers.last();
  const map: Map<string, number> = await numbers.toMap((n) => String(n));
  const nothing: void = await numbers.forEach(async (n) => n);
  const any: boolean = await numbers.some((n) => n > 1);
  const item: IteratorResult<number, undefined> = await numbers.next();
  const one: number = await numbers.recv();
  const tried: IteratorResult<number, undefined> | undefined = numbers.tryRecv();
  for await (const n of numbers) n satisfies number;
  void [array, sum, first, last, map, nothing, any, item, one, tried];

  // @ts-expect-error there may be none
  const sure: number = await numbers.first();
  // @ts-expect-error the sum is a string
  await numbers.reduce((text: string, n) => text.length + n, "");
  void sure;
}

export function* operations(): Task<number> {
  const one: number = yield* recv(numbers);
  const item: IteratorResult<number, undefined> = yield* next(numbers);
  const all: number[] = yield* toArray(numbers);
  const sum: number = yield* reduce(numbers, (total, n) => total + n, 0);
  const map: Map<boolean, number> = yield* toMap(numbers, (n) => n > 1);
  yield* each(numbers, (n) => void (n satisfies number));
  const won = yield* select({ item: next(numbers), all: toArray(numbers), other: recv(chan<string>()) });
  if (won.key === "item" && won.value.done !== true) return won.value.value;
  if (won.key === "all") return won.value.length;
  void [one, item, all, sum, map];
  return 0;
}
