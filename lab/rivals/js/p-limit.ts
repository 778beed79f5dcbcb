/**
 * p-limit 7: a limit on how many functions run at once, which is `map-concurrent`; of one, it is a mutex.
 *
 * The shape is that of its own benchmark (p-limit, benchmark.js, "High-Volume Queue Performance"): one limit, and a closure passed to it for each piece of
 * work. For the locks a hundred loops do so side by side, each waiting for its own before the next, as the work demands; the timers all go in at once,
 * as in that benchmark, by `limit.map`, which its README gives for it.
 *
 * @module
 */
import pLimit from "p-limit";
import { nothingDone } from "../../contestant/memory.ts";
import { AT_ONCE, CONTENDERS, NAP, PERMITS } from "../../contestant/numbers.ts";
import { type Contestant, timed } from "../../contestant/program.ts";
import { besideOneTimer } from "../../contestant/rounds.ts";

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
  "mutex-held": (size) =>
    timed(async () => {
      const limit = pLimit(1);
      let total = 0;
      const increment = async (): Promise<void> => {
        const before = total;
        // Where there is no scheduler, a turn of the microtask queue is how one gives way.
        await undefined;
        total = before + 1;
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
  "map-concurrent": (size) =>
    besideOneTimer(size, nap, async () => {
      const inputs = Array.from({ length: size }, (_, i) => i);
      return (await pLimit(AT_ONCE).map(inputs, nap)).length;
    }),
};

function nap(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, NAP));
}
