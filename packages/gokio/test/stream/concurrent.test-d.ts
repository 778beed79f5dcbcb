import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { forEachConcurrent } from "../../src/stream/ops/for-each-concurrent.ts";
import { Stream } from "../../src/stream/stream.ts";
import type { Settled } from "../../src/task/task.ts";
import { sleep } from "../../src/time/sleep.ts";

const numbers = Stream.from([1, 2, 3]);

export function results(): void {
  const async: Stream<string> = numbers.mapConcurrent(2, async (n) => String(n));
  const plain: Stream<string> = numbers.mapConcurrent(2, (n, index) => `${n + index}`);
  const generator: Stream<string> = numbers.mapConcurrent(2, function* (n, _index, self) {
    yield* sleep(n);
    return `${self.name}`;
  });
  const unordered: Stream<number> = numbers.mapConcurrent(2, async (n) => n, { ordered: false });
  const settled: Stream<Settled<number>> = numbers.mapConcurrent(2, async (n) => n, { settled: true });
  const chained: Stream<string[]> = numbers
    .mapConcurrent(2, async (n) => n > 1)
    .mapConcurrent(2, async (isLarge) => (isLarge ? "large" : "small"))
    .chunksTimeout(2, 10);
  void [async, plain, generator, unordered, settled, chained];

  // @ts-expect-error the result is a number
  const wrong: Stream<string> = numbers.mapConcurrent(2, async (n) => n);
  // @ts-expect-error an async generator is no body
  numbers.mapConcurrent(2, async function* () {});
  // @ts-expect-error a bare yield
  numbers.mapConcurrent(2, function* () {
    yield 5;
  });
  // @ts-expect-error no such option
  numbers.mapConcurrent(2, async () => {}, { order: true });
  void wrong;
}

export function work(): void {
  const ch = chan<boolean>();
  const functions: Stream<string> = numbers.map((n) => async () => String(n)).buffered(2);
  const generators: Stream<number> = numbers
    .map(
      (n) =>
        function* () {
          yield* sleep(n);
          return n;
        },
    )
    .bufferUnordered(2);
  const operations: Stream<boolean> = Stream.from([recv(ch)]).buffered(2);
  const both: Stream<boolean | string> = Stream.from([recv(ch), () => "text"]).bufferUnordered(2);
  void [functions, generators, operations, both];

  // @ts-expect-error numbers are no work
  numbers.buffered(2);
  // @ts-expect-error nor are objects
  numbers.map((n) => ({ n })).bufferUnordered(2);
}

export function ends(): void {
  const method: Promise<void> = numbers.forEachConcurrent(2, async (n) => n);
  const operation: Operation<void> = forEachConcurrent(numbers, 2, (n) => n.toFixed());
  void [method, operation];
  // @ts-expect-error the items are numbers
  void forEachConcurrent(numbers, 2, (text: string) => text);
}

export function times(): void {
  const same: Stream<number> = numbers.throttle(1).delay(1).debounce(1).timeout(1);
  const chunks: Stream<number[]> = numbers.chunksTimeout(2, 1);
  const ticks: Stream<number> = Stream.interval(1, { missed: "skip" });
  void [same, chunks, ticks];
  // @ts-expect-error no such behaviour
  Stream.interval(1, { missed: "never" });
}
