/** Two tasks that exchange numbers without end, and a third whose short sleeps should end in time all the same. */
import { chan, type JoinHandle, recv, send, sleep, spawn, type Task } from "gokio";
import { Histogram } from "../contestant/histogram.ts";
import { type Sample, timed } from "../contestant/program.ts";

const CAPACITY = 64;
const SLEEP = 1;

export function generators(sleeps: number): Promise<Sample> {
  const numbers = chan<number>(CAPACITY);
  const sender = spawn(function* (): Task<void> {
    for (let n = 0; ; n++) yield* send(numbers, n);
  });
  const receiver = spawn(function* (): Task<void> {
    for (;;) yield* recv(numbers);
  });
  const lateness = new Histogram();
  const sleeper = spawn(function* (): Task<void> {
    for (let i = 0; i < sleeps; i++) {
      const asleep = performance.now();
      yield* sleep(SLEEP);
      lateness.record(performance.now() - asleep - SLEEP);
    }
  });
  return outcome(sleeper, lateness, [sender, receiver]);
}

export function asyncs(sleeps: number): Promise<Sample> {
  const numbers = chan<number>(CAPACITY);
  const sender = spawn(async () => {
    for (let n = 0; ; n++) await numbers.send(n);
  });
  const receiver = spawn(async () => {
    for (;;) await numbers.recv();
  });
  const lateness = new Histogram();
  const sleeper = spawn(async () => {
    for (let i = 0; i < sleeps; i++) {
      const asleep = performance.now();
      await sleep(SLEEP);
      lateness.record(performance.now() - asleep - SLEEP);
    }
  });
  return outcome(sleeper, lateness, [sender, receiver]);
}

async function outcome(
  sleeper: JoinHandle<void>,
  lateness: Histogram,
  flood: readonly JoinHandle<void>[],
): Promise<Sample> {
  const sample = await timed(async () => {
    await sleeper;
    return lateness.count;
  });
  for (const task of flood) task.abort();
  for (const task of flood) await task.settled();
  return { ...sample, values: { p50: lateness.quantile(0.5), p99: lateness.quantile(0.99), max: lateness.max } };
}
