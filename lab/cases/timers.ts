/**
 * A million timers that are all pending at once and then all cancelled: a thousand tasks select over a thousand sleeps each, and over a
 * channel, which wins.
 */
import { chan, join, type Operation, recv, select, send, sleep, spawn, type Task, timeout, yieldNow } from "gokio";
import { check, type Row, rate } from "../case.ts";

const TASKS = 1000;
const EACH = 1000;
const COUNT = TASKS * EACH;

async function generators(): Promise<number> {
  const keys = Array.from({ length: EACH }, (_, i) => `timer${i}`);
  return rate(COUNT, async () => {
    const stop = chan<void>();
    const tasks = Array.from({ length: TASKS }, (_, t) =>
      spawn(function* (): Task<string> {
        const cases: Record<string, Operation<void>> = { stop: recv(stop) };
        for (let i = 0; i < EACH; i++) cases[keys[i] as string] = sleep(60_000 + ((t * 7919 + i * 104_729) % 600_000));
        return (yield* select(cases)).key;
      }),
    );
    const stopped = await spawn(function* (): Task<number> {
      let stopped = 0;
      for (let t = 0; t < TASKS; t++) yield* send(stop, undefined);
      for (const task of tasks) if ((yield* join(task)) === "stop") stopped++;
      return stopped;
    });
    check(stopped === TASKS, `${stopped} tasks were stopped`);
  });
}

const SHORT = 1_000_000;

/** One at a time, as most timers live: a limit on a wait that is over soon. */
async function timeouts(): Promise<number> {
  return rate(SHORT, async () => {
    const done = await spawn(function* (): Task<number> {
      let done = 0;
      for (let i = 0; i < SHORT; i++) {
        yield* timeout(60_000, yieldNow());
        done++;
      }
      return done;
    });
    check(done === SHORT, `${done} waits were over`);
  });
}

async function hostTimers(): Promise<number> {
  return rate(COUNT, () => {
    const timers = Array.from({ length: COUNT }, (_, i) => setTimeout(() => {}, 60_000 + ((i * 104_729) % 600_000)));
    for (const timer of timers) clearTimeout(timer);
  });
}

const common = { work: "10⁶ timers, insert + cancel", unit: "M/s" } as const;

export const timers: readonly Row[] = [
  { ...common, by: "generators", run: generators, peers: { go: "3.0", tokio: "4.7 / 1.9" }, target: { atLeast: 4.7 } },
  { ...common, by: "setTimeout", run: hostTimers },
  { work: "timeout around a wait", by: "generators", unit: "M/s", run: timeouts },
];
