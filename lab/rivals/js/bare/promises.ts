/**
 * Promises and async functions alone, as the language has them: what every library in JavaScript is measured against.
 *
 * Nobody publishes benchmarks of these for this work; they are written in the plainest way, which is also the quickest. A task is a call of an async function, a oneshot a promise whose
 * `resolve` is handed out, and parking is awaiting one. There is no scheduling, no cancellation and no backpressure in any of it.
 *
 * @module
 */
import { nothingDone, parked } from "../../../contestant/memory.ts";
import { WAVE } from "../../../contestant/numbers.ts";
import { type Contestant, type Sample, timed } from "../../../contestant/program.ts";

export const contestant: Contestant = {
  empty: nothingDone,
  "spawn-join": spawnJoin,
  oneshot,
  wake,
  "parked-task": parkedTask,
};

function spawnJoin(size: number): Promise<Sample> {
  const task = async (i: number): Promise<number> => i;
  return timed(async () => {
    let sum = 0;
    for (let first = 0; first < size; first += WAVE) {
      const started: Promise<number>[] = [];
      for (let i = first; i < Math.min(first + WAVE, size); i++) started.push(task(i));
      for (const each of started) sum += await each;
    }
    return sum;
  });
}

function oneshot(size: number): Promise<Sample> {
  const answer = async (i: number, resolve: (answer: number) => void): Promise<void> => resolve(i + 1);
  return timed(async () => {
    let sum = 0;
    for (let i = 0; i < size; i++) {
      sum += await new Promise<number>((resolve) => void answer(i, resolve));
    }
    return sum;
  });
}

type Resolve = (one: number) => void;

function wake(size: number): Promise<Sample> {
  let woken = 0;
  let done = (): void => {};
  const allWoken = new Promise<void>((resolve) => {
    done = resolve;
  });
  const waiting: Resolve[] = [];
  const sleeper = async (): Promise<void> => {
    const one = await new Promise<number>((resolve) => void waiting.push(resolve));
    woken += one;
    if (woken === size) done();
  };
  for (let i = 0; i < size; i++) void sleeper();
  return timed(async () => {
    for (const resolve of waiting) resolve(1);
    await allWoken;
    return woken;
  });
}

function parkedTask(size: number): Promise<Sample> {
  let woken = 0;
  const waiting: Resolve[] = [];
  const sleeper = async (): Promise<void> => {
    const one = await new Promise<number>((resolve) => void waiting.push(resolve));
    woken += one;
  };
  return parked(
    size,
    async () => {
      for (let i = 0; i < size; i++) void sleeper();
    },
    async () => {
      for (const resolve of waiting) resolve(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return woken;
    },
  );
}
