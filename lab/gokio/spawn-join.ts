/** Tasks that only return a number, spawned and then joined in waves. */
import { type JoinHandle, join, spawn, type Task } from "gokio";
import { WAVE } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

/**
 * The body of all tasks. A generator function that is made anew for each task costs some microseconds: the engine gives each of them a prototype and a
 * hidden class for its generators, where those of one function share these.
 */
function* given(i: number): Task<number> {
  return i;
}

export function generators(size: number): Promise<Sample> {
  return timed(() =>
    spawn(function* (): Task<number> {
      let sum = 0;
      for (let first = 0; first < size; first += WAVE) {
        const handles: JoinHandle<number>[] = [];
        for (let i = first; i < Math.min(first + WAVE, size); i++) handles.push(spawn(given(i)));
        for (const handle of handles) sum += yield* join(handle);
      }
      return sum;
    }),
  );
}

export function asyncs(size: number): Promise<Sample> {
  return timed(() =>
    spawn(async () => {
      let sum = 0;
      for (let first = 0; first < size; first += WAVE) {
        const handles: JoinHandle<number>[] = [];
        for (let i = first; i < Math.min(first + WAVE, size); i++) handles.push(spawn(async () => i));
        for (const handle of handles) sum += await handle;
      }
      return sum;
    }),
  );
}
