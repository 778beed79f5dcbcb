/** One task that selects over four channels, each filled by a task of its own, and writes its select out for each number. */
import { recv, select, spawn, type Task } from "gokio";
import { CHANNELS } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";
import { filledByAsyncs, filledByGenerators } from "./filled.ts";

export function generators(size: number): Promise<Sample> {
  const each = Math.floor(size / CHANNELS);
  return timed(async () => {
    const [a, b, c, d] = filledByGenerators(each);
    return await spawn(function* (): Task<number> {
      let sum = 0;
      for (let i = 0; i < each * CHANNELS; i++) {
        sum += (yield* select({ a: recv(a), b: recv(b), c: recv(c), d: recv(d) })).value;
      }
      return sum;
    });
  });
}

export function asyncs(size: number): Promise<Sample> {
  const each = Math.floor(size / CHANNELS);
  return timed(async () => {
    const [a, b, c, d] = filledByAsyncs(each);
    return await spawn(async () => {
      let sum = 0;
      for (let i = 0; i < each * CHANNELS; i++) {
        sum += (await select({ a: recv(a), b: recv(b), c: recv(c), d: recv(d) })).value;
      }
      return sum;
    });
  });
}
