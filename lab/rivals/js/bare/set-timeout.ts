/**
 * `setTimeout` and `clearTimeout`, as Node has them.
 *
 * The shape is that of Node's own benchmark (node, benchmark/timers/timers-cancel-unpooled.js): timers of different delays, all set,
 * then all cleared. What a task is waiting for is a promise that
 * its message resolves; it then clears its own timers.
 *
 * @module
 */
import { nothingDone } from "../../../contestant/memory.ts";
import { delayOf, TIMER_TASKS } from "../../../contestant/numbers.ts";
import { type Contestant, timed } from "../../../contestant/program.ts";

export const contestant: Contestant = {
  empty: nothingDone,
  timers: (size) =>
    timed(async () => {
      const each = Math.floor(size / TIMER_TASKS);
      const messages: (() => void)[] = [];
      const tasks = Array.from({ length: TIMER_TASKS }, (_, t) => task(t, each, messages));
      for (const stop of messages) stop();
      let stopped = 0;
      for (const ended of tasks) if ((await ended) === "stop") stopped++;
      return stopped;
    }),
};

async function task(t: number, each: number, messages: (() => void)[]): Promise<string> {
  const timers: NodeJS.Timeout[] = [];
  const first = await new Promise<string>((resolve) => {
    messages.push(() => resolve("stop"));
    const expired = (): void => resolve("timer");
    for (let i = 0; i < each; i++) timers.push(setTimeout(expired, delayOf(t, i)));
  });
  for (const timer of timers) clearTimeout(timer);
  return first;
}
