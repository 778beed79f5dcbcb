/** A sender and a receiver with a buffer of 64 between them. */
import { chan, recv, send, spawn, type Task } from "gokio";
import { check, type Row, rate, sumBelow } from "../case.ts";

const COUNT = 4_000_000;
const CAPACITY = 64;

async function generators(): Promise<number> {
  return rate(COUNT, async () => {
    const numbers = chan<number>(CAPACITY);
    spawn(function* (): Task<void> {
      for (let n = 0; n < COUNT; n++) yield* send(numbers, n);
    });
    const sum = await spawn(function* (): Task<number> {
      let sum = 0;
      for (let n = 0; n < COUNT; n++) sum += yield* recv(numbers);
      return sum;
    });
    check(sum === sumBelow(COUNT), `the sum is ${sum}`);
  });
}

async function asyncs(): Promise<number> {
  return rate(COUNT, async () => {
    const numbers = chan<number>(CAPACITY);
    spawn(async () => {
      for (let n = 0; n < COUNT; n++) await numbers.send(n);
    });
    const sum = await spawn(async () => {
      let sum = 0;
      for (let n = 0; n < COUNT; n++) sum += await numbers.recv();
      return sum;
    });
    check(sum === sumBelow(COUNT), `the sum is ${sum}`);
  });
}

const common = {
  work: "buffered channel, 64",
  unit: "M/s",
  peers: { go: "32", tokio: "26 / 24", js: "Effect 1.4" },
} as const;

export const buffered: readonly Row[] = [
  { ...common, by: "generators", run: generators, target: { atLeast: 26 } },
  { ...common, by: "async", run: asyncs },
];
