/** A chain of plain functions over a range, summed up: driven by a generator task, or awaited. */
import { reduce, Stream, spawn, type Task } from "gokio";
import { add, increment, isEven } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

function odd(count: number): Stream<number> {
  return Stream.range(0).filter(isEven).map(increment).take(count);
}

export function generators(size: number): Promise<Sample> {
  return timed(() =>
    spawn(function* (): Task<number> {
      return yield* reduce(odd(size / 2), add, 0);
    }),
  );
}

export function asyncs(size: number): Promise<Sample> {
  return timed(() => odd(size / 2).reduce(add, 0));
}
