/**
 * p-limit 7: a limit on how many functions run at once; of one, it is a mutex.
 *
 * The shape is that of its own benchmark (p-limit, benchmark.js, "High-Volume Queue Performance"): one limit, and a closure passed to it for each piece of
 * work. Here a hundred loops do so side by side, each waiting for its own before the next, as the work demands.
 *
 * @module
 */
import pLimit from "p-limit";
import { nothingDone } from "../../contestant/memory.ts";
import { CONTENDERS, PERMITS } from "../../contestant/numbers.ts";
import { type Contestant, timed } from "../../contestant/program.ts";

export const contestant: Contestant = {
  empty: nothingDone,
  mutex: (size) =>
    timed(async () => {
      const limit = pLimit(1);
      let total = 0;
      const increment = (): void => {
        total++;
      };
      const tasks = Array.from({ length: CONTENDERS }, async () => {
        for (let i = 0; i < Math.floor(size / CONTENDERS); i++) await limit(increment);
      });
      await Promise.all(tasks);
      return total;
    }),
  semaphore: (size) =>
    timed(async () => {
      const limit = pLimit(PERMITS);
      let held = 0;
      let most = 0;
      const tasks = Array.from({ length: CONTENDERS }, async () => {
        let count = 0;
        const turn = async (): Promise<void> => {
          most = Math.max(most, ++held);
          count++;
          // Where there is no scheduler, a turn of the microtask queue is how one gives way.
          await undefined;
          held--;
        };
        for (let i = 0; i < Math.floor(size / CONTENDERS); i++) await limit(turn);
        return count;
      });
      let sum = 0;
      for (const task of tasks) sum += await task;
      return `${sum}/${most}`;
    }),
};
