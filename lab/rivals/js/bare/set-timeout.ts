/**
 * `setTimeout` and `clearTimeout`, as Node has them.
 *
 * The shape is that of Node's own benchmark (node, benchmark/timers/timers-cancel-unpooled.js): timers of different delays, all set,
 * then all cleared. What a task is waiting for is a promise that
 * its message resolves; it then clears its own timers. A limit on a wait is `Promise.race` with a promise that a timer rejects, cleared when the race is
 * over, as everybody writes it; who is asked is an async function that answers a turn of the microtask queue later.
 *
 * @module
 */
import { nothingDone } from "../../../contestant/memory.ts";
import { delayOf, PATIENCE, TIMER_TASKS } from "../../../contestant/numbers.ts";
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
  timeout: (size) =>
    timed(async () => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += await limited(PATIENCE, answer(i));
      return sum;
    }),
};

async function answer(question: number): Promise<number> {
  await undefined;
  return question + 1;
}

async function limited<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

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
