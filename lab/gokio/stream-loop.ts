/** A chain of plain functions over an async generator, gone through by a loop: `each` in a generator task, or `for await`. */
import { each, spawn, type Task } from "gokio";
import { type Sample, timed } from "../contestant/program.ts";
import { odd } from "./stream-async.ts";

export function generators(size: number): Promise<Sample> {
  return timed(() =>
    spawn(function* (): Task<number> {
      let sum = 0;
      yield* each(odd(size), (n) => {
        sum += n;
      });
      return sum;
    }),
  );
}

export function asyncs(size: number): Promise<Sample> {
  return timed(async () => {
    let sum = 0;
    for await (const n of odd(size)) sum += n;
    return sum;
  });
}
