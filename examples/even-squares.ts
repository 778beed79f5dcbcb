/**
 * Even squares, five of them, at most one every 100 ms. Async generators are lazy: each asks the one before only when it is asked itself.
 *
 * Prints:
 *
 *     0
 *     4
 *     16
 *     36
 *     64
 *
 * @module
 */
import { sleep } from "gokio";

async function* naturals(): AsyncGenerator<number> {
  for (let n = 0; ; n++) yield n;
}

async function* map<T, U>(source: AsyncIterable<T>, change: (value: T) => U): AsyncGenerator<U> {
  for await (const value of source) yield change(value);
}

async function* filter<T>(source: AsyncIterable<T>, keep: (value: T) => boolean): AsyncGenerator<T> {
  for await (const value of source) if (keep(value)) yield value;
}

async function* take<T>(source: AsyncIterable<T>, count: number): AsyncGenerator<T> {
  if (count <= 0) return;
  for await (const value of source) {
    yield value;
    if (--count === 0) return;
  }
}

async function* throttle<T>(source: AsyncIterable<T>, ms: number): AsyncGenerator<T> {
  let pause = sleep(0);
  for await (const value of source) {
    await pause;
    // A sleep's deadline is fixed when it is made: the time that the consumer takes counts, too.
    pause = sleep(ms);
    yield value;
  }
}

const squares = map(naturals(), (n) => n * n);
const even = filter(squares, (n) => n % 2 === 0);
for await (const square of throttle(take(even, 5), 100)) console.log(square);
