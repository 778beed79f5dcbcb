/** Tasks that only return a value, spawned and then joined in waves of a thousand; bare promises do the same without a task. */
import { type JoinHandle, join, spawn, type Task } from "gokio";
import { check, type Row, rate } from "../case.ts";

const COUNT = 1_000_000;
const WAVE = 1000;

function* one(): Task<number> {
  return 1;
}

async function oneAsync(): Promise<number> {
  return 1;
}

async function generators(): Promise<number> {
  return rate(COUNT, async () => {
    const sum = await spawn(function* (): Task<number> {
      let sum = 0;
      for (let wave = 0; wave < COUNT / WAVE; wave++) {
        const handles: JoinHandle<number>[] = [];
        for (let i = 0; i < WAVE; i++) handles.push(spawn(one));
        for (const handle of handles) sum += yield* join(handle);
      }
      return sum;
    });
    check(sum === COUNT, `the sum is ${sum}`);
  });
}

async function asyncs(): Promise<number> {
  return inWaves(() => spawn(oneAsync));
}

async function promises(): Promise<number> {
  return inWaves(oneAsync);
}

async function inWaves(start: () => PromiseLike<number>): Promise<number> {
  return rate(COUNT, async () => {
    let sum = 0;
    for (let wave = 0; wave < COUNT / WAVE; wave++) {
      const started: PromiseLike<number>[] = [];
      for (let i = 0; i < WAVE; i++) started.push(start());
      for (const each of started) sum += await each;
    }
    check(sum === COUNT, `the sum is ${sum}`);
  });
}

const common = {
  work: "spawn + join",
  unit: "M/s",
  peers: { go: "4.5", tokio: "1.1 / 2.5", js: "Effect 0.8" },
} as const;

export const spawnJoin: readonly Row[] = [
  { ...common, by: "generators", run: generators, target: { atLeast: 1.1 } },
  { ...common, by: "async", run: asyncs, target: { atLeast: 0.3, times: "bare promises" } },
  { work: common.work, unit: common.unit, by: "bare promises", run: promises },
];
