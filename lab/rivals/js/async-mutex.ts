/**
 * async-mutex 0.5: its mutex and its semaphore.
 *
 * It publishes no benchmark. Both are used as its README shows under "Manual locking / releasing": `acquire`, and the releaser that it gives. `runExclusive`
 * is the same with a callback and a promise more.
 *
 * @module
 */
import { Mutex, Semaphore } from "async-mutex";
import { nothingDone } from "../../contestant/memory.ts";
import { CONTENDERS, PERMITS } from "../../contestant/numbers.ts";
import { type Contestant, timed } from "../../contestant/program.ts";

export const contestant: Contestant = {
  empty: nothingDone,
  mutex: (size) =>
    timed(async () => {
      const mutex = new Mutex();
      let total = 0;
      const tasks = Array.from({ length: CONTENDERS }, async () => {
        for (let i = 0; i < Math.floor(size / CONTENDERS); i++) {
          const release = await mutex.acquire();
          total++;
          release();
        }
      });
      await Promise.all(tasks);
      return total;
    }),
  "mutex-held": (size) =>
    timed(async () => {
      const mutex = new Mutex();
      let total = 0;
      const tasks = Array.from({ length: CONTENDERS }, async () => {
        for (let i = 0; i < Math.floor(size / CONTENDERS); i++) {
          const release = await mutex.acquire();
          const before = total;
          // Where there is no scheduler, a turn of the microtask queue is how one gives way.
          await undefined;
          total = before + 1;
          release();
        }
      });
      await Promise.all(tasks);
      return total;
    }),
  semaphore: (size) =>
    timed(async () => {
      const permits = new Semaphore(PERMITS);
      let held = 0;
      let most = 0;
      const tasks = Array.from({ length: CONTENDERS }, async () => {
        let count = 0;
        for (let i = 0; i < Math.floor(size / CONTENDERS); i++) {
          const [, release] = await permits.acquire();
          most = Math.max(most, ++held);
          count++;
          await undefined;
          held--;
          release();
        }
        return count;
      });
      let sum = 0;
      for (const task of tasks) sum += await task;
      return `${sum}/${most}`;
    }),
};
