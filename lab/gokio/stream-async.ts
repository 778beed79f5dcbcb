/** A chain of plain functions over an async generator, summed up: driven by a generator task, or awaited. */
import { reduce, Stream, spawn, type Task } from "gokio";
import { add, increment, isEven } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

async function* numbers(size: number): AsyncGenerator<number> {
  for (let n = 0; n < size; n++) yield n;
}

export function odd(size: number): Stream<number> {
  return Stream.from(numbers(size)).filter(isEven).map(increment);
}

export function generators(size: number): Promise<Sample> {
  return timed(() =>
    spawn(function* (): Task<number> {
      return yield* reduce(odd(size), add, 0);
    }),
  );
}

export function asyncs(size: number): Promise<Sample> {
  return timed(() => odd(size).reduce(add, 0));
}
