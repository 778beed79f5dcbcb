/** A sender and a receiver that meet for every value: a channel of capacity 0. */
import { chan, recv, send, spawn, type Task } from "gokio";
import { check, type Row, rate, sumBelow } from "../case.ts";

const COUNT = 1_000_000;

async function generators(): Promise<number> {
  return rate(COUNT, async () => {
    const numbers = chan<number>();
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
    const numbers = chan<number>();
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
  work: "rendezvous channel",
  unit: "M/s",
  peers: { go: "8", tokio: "3.2 / 2.6", js: "ts-chan 0.55" },
} as const;

export const rendezvous: readonly Row[] = [
  { ...common, by: "generators", run: generators, target: { atLeast: 12 } },
  { ...common, by: "async", run: asyncs },
];
