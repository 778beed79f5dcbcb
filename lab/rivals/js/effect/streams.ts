/**
 * Streams: `Stream.range` and `Stream.fromAsyncIterable`, through `filter`, `map` and `take` into `runSum`.
 *
 * The shape of the package's own documentation (effect, ai-docs/src/03_stream). Plain functions are passed to `filter` and `map`, so that they run over whole
 * chunks, and `runSum` adds up without an effect for each item: the quickest sink there is.
 *
 * @module
 */
import { Effect, Stream } from "effect";
import { increment, isEven } from "../../../contestant/numbers.ts";
import { type Sample, timed } from "../../../contestant/program.ts";

export function streamSync(size: number): Promise<Sample> {
  const odd = Stream.range(0, size).pipe(Stream.filter(isEven), Stream.map(increment), Stream.take(size / 2));
  return timed(() => Effect.runPromise(Stream.runSum(odd)));
}

export function streamAsync(size: number): Promise<Sample> {
  return timed(() => Effect.runPromise(Stream.runSum(odd(size))));
}

/** By `Stream.toAsyncIterable`, for that is how a loop gets at it. */
export function streamLoop(size: number): Promise<Sample> {
  return timed(async () => {
    let sum = 0;
    for await (const n of Stream.toAsyncIterable(odd(size))) sum += n;
    return sum;
  });
}

function odd(size: number): Stream.Stream<number, unknown> {
  return Stream.fromAsyncIterable(numbers(size), (error) => error).pipe(Stream.filter(isEven), Stream.map(increment));
}

async function* numbers(size: number): AsyncGenerator<number> {
  for (let n = 0; n < size; n++) yield n;
}
