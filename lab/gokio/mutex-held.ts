/** Tasks that all want one lock, and give way to the others while they hold it: all of them wait for it, always. */
import { lock, Mutex, spawn, type Task, yieldNow } from "gokio";
import { CONTENDERS } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

export function generators(size: number): Promise<Sample> {
  return timed(async () => {
    const total = new Mutex(0);
    const tasks = Array.from({ length: CONTENDERS }, () =>
      spawn(function* (): Task<void> {
        for (let i = 0; i < Math.floor(size / CONTENDERS); i++) {
          const guard = yield* lock(total);
          const before = guard.value;
          yield* yieldNow();
          guard.value = before + 1;
          guard[Symbol.dispose]();
        }
      }),
    );
    for (const task of tasks) await task;
    return (await total.lock()).value;
  });
}

export function asyncs(size: number): Promise<Sample> {
  return timed(async () => {
    const total = new Mutex(0);
    const tasks = Array.from({ length: CONTENDERS }, () =>
      spawn(async () => {
        for (let i = 0; i < Math.floor(size / CONTENDERS); i++) {
          const guard = await total.lock();
          const before = guard.value;
          await yieldNow();
          guard.value = before + 1;
          guard[Symbol.dispose]();
        }
      }),
    );
    for (const task of tasks) await task;
    return (await total.lock()).value;
  });
}
