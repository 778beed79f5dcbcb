/** One task that selects over four channels, each filled by a task of its own. An operation can be waited for again, so the select is made once. */
import { recv, select, spawn, type Task } from "gokio";
import { CHANNELS } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";
import { filledByAsyncs, filledByGenerators } from "./filled.ts";

export function generators(size: number): Promise<Sample> {
  const each = Math.floor(size / CHANNELS);
  return timed(async () => {
    const all = filledByGenerators(each);
    return await spawn(function* (): Task<number> {
      const [a, b, c, d] = all;
      const any = select({ a: recv(a), b: recv(b), c: recv(c), d: recv(d) });
      let sum = 0;
      for (let i = 0; i < each * CHANNELS; i++) sum += (yield* any).value;
      return sum;
    });
  });
}

export function asyncs(size: number): Promise<Sample> {
  const each = Math.floor(size / CHANNELS);
  return timed(async () => {
    const all = filledByAsyncs(each);
    return await spawn(async () => {
      const [a, b, c, d] = all;
      const any = select({ a: recv(a), b: recv(b), c: recv(c), d: recv(d) });
      let sum = 0;
      for (let i = 0; i < each * CHANNELS; i++) sum += (await any).value;
      return sum;
    });
  });
}
