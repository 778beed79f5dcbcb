/** Types of the streams with several readers. */
import { type Peek, peek } from "../../src/stream/ops/peekable.ts";
import type { Shared } from "../../src/stream/ops/tee.ts";
import { type PeekableStream, Stream } from "../../src/stream/stream.ts";
import { StreamMap } from "../../src/stream/stream-map.ts";

declare const numbers: Stream<number>;
declare const mixed: Stream<string | number>;

export const [a, b]: [Stream<number>, Stream<number>] = numbers.tee();
export const three: Stream<number>[] = numbers.tee(3, { buffer: 1 });
// @ts-expect-error: three are no pair
export const pair: [Stream<number>, Stream<number>] = numbers.tee(3);
// @ts-expect-error: not an option
numbers.tee(2, { size: 1 });

const isString = (value: unknown): value is string => typeof value === "string";
export const [strings, others]: [Stream<string>, Stream<number>] = mixed.partition(isString);
export const [left, right]: [Stream<string | number>, Stream<string | number>] = mixed.partition(async () => true);
// @ts-expect-error: a predicate is asked about the items
numbers.partition((value: string) => value === "");

export const shared: Shared<number> = numbers.share({ buffer: 2 });
export const subscribed: Stream<number> = shared.subscribe();

export const groups: Stream<[key: string, items: Stream<number>]> = numbers.groupBy((n) => String(n));
export const keys: Stream<string> = numbers.groupBy(async (n) => String(n)).map(([key]) => key);
// @ts-expect-error: the keys are strings
export const wrong: Stream<[number, Stream<number>]> = numbers.groupBy((n) => String(n));

export const peekable: PeekableStream<number> = numbers.peekable();
export const looked: Promise<IteratorResult<number, undefined>> = peekable.peek();
export const looking: Peek<number> | PromiseLike<IteratorResult<number, undefined>> = peek(peekable);
// @ts-expect-error: a stream is not peekable as it is
peek(numbers);

const map = new StreamMap<string, number>();
export const before: Stream<number> | undefined = map.insert("a", [1]);
map.insert("b", numbers);
map.insert(
  "c",
  Stream.from(async function* () {
    yield 1;
  }),
);
// @ts-expect-error: the keys are strings
map.insert(1, [1]);
// @ts-expect-error: the items are numbers
map.insert("a", ["x"]);
export const item: Promise<[string, number]> = map.recv();
export const piped: Stream<number> = Stream.from(map).map(([, n]) => n);
