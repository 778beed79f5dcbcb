/** Tasks that share a few permits, and hold each for a turn. */
import { acquire, Semaphore, spawn, type Task, yieldNow } from "gokio";
import { CONTENDERS, PERMITS } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

export function generators(size: number): Promise<Sample> {
  return timed(async () => {
    const permits = new Semaphore(PERMITS);
    let held = 0;
    let most = 0;
    const tasks = Array.from({ length: CONTENDERS }, () =>
      spawn(function* (): Task<number> {
        let count = 0;
        for (let i = 0; i < Math.floor(size / CONTENDERS); i++) {
          const permit = yield* acquire(permits);
          most = Math.max(most, ++held);
          count++;
          yield* yieldNow();
          held--;
          permit[Symbol.dispose]();
        }
        return count;
      }),
    );
    let sum = 0;
    for (const task of tasks) sum += await task;
    return `${sum}/${most}`;
  });
}

export function asyncs(size: number): Promise<Sample> {
  return timed(async () => {
    const permits = new Semaphore(PERMITS);
    let held = 0;
    let most = 0;
    const tasks = Array.from({ length: CONTENDERS }, () =>
      spawn(async () => {
        let count = 0;
        for (let i = 0; i < Math.floor(size / CONTENDERS); i++) {
          const permit = await permits.acquire();
          most = Math.max(most, ++held);
          count++;
          await yieldNow();
          held--;
          permit[Symbol.dispose]();
        }
        return count;
      }),
    );
    let sum = 0;
    for (const task of tasks) sum += await task;
    return `${sum}/${most}`;
  });
}
