/** Timers that are all pending at once and then all cancelled: each task selects over its own and over a channel, which wins. */
import {
  type Chan,
  chan,
  type JoinHandle,
  join,
  type Operation,
  recv,
  select,
  send,
  sleep,
  spawn,
  type Task,
  yieldNow,
} from "gokio";
import { delayOf, TIMER_TASKS } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

/** The cases of task `t`: its timers, one for each of the names, and the message that ends them. */
function casesOf(t: number, names: readonly string[], stop: Chan<void>): Record<string, Operation<void>> {
  const cases: Record<string, Operation<void>> = { stop: recv(stop) };
  for (let i = 0; i < names.length; i++) cases[names[i] as string] = sleep(delayOf(t, i));
  return cases;
}

function namesOf(size: number): string[] {
  return Array.from({ length: Math.floor(size / TIMER_TASKS) }, (_, i) => `timer${i}`);
}

export function generators(size: number): Promise<Sample> {
  return timed(() =>
    spawn(function* (): Task<number> {
      const stop = chan<void>();
      const names = namesOf(size);
      let pending = 0;
      function* hold(t: number): Task<string> {
        pending++;
        return (yield* select(casesOf(t, names, stop))).key;
      }
      const tasks: JoinHandle<string>[] = [];
      for (let t = 0; t < TIMER_TASKS; t++) tasks.push(spawn(hold(t)));
      // Before all are pending, no message: a select that finds one there would not set its timers at all.
      while (pending < TIMER_TASKS) yield* yieldNow();
      for (let t = 0; t < TIMER_TASKS; t++) yield* send(stop, undefined);
      let stopped = 0;
      for (const task of tasks) if ((yield* join(task)) === "stop") stopped++;
      return stopped;
    }),
  );
}

export function asyncs(size: number): Promise<Sample> {
  return timed(() =>
    spawn(async () => {
      const stop = chan<void>();
      const names = namesOf(size);
      let pending = 0;
      async function hold(t: number): Promise<string> {
        pending++;
        return (await select(casesOf(t, names, stop))).key;
      }
      const tasks: JoinHandle<string>[] = [];
      for (let t = 0; t < TIMER_TASKS; t++) tasks.push(spawn(hold.bind(undefined, t)));
      while (pending < TIMER_TASKS) await yieldNow();
      for (let t = 0; t < TIMER_TASKS; t++) await stop.send(undefined);
      let stopped = 0;
      for (const task of tasks) if ((await task) === "stop") stopped++;
      return stopped;
    }),
  );
}
