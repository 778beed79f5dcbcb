/** One task that selects over four channels, each with a sender of its own and a buffer of 64. */
import { type Chan, chan, recv, select, send, spawn, type Task } from "gokio";
import { check, type Row, rate, sumBelow } from "../case.ts";

const EACH = 250_000;
const SENDERS = 4;
const COUNT = EACH * SENDERS;

function channels(): Chan<number>[] {
  return Array.from({ length: SENDERS }, () => chan<number>(64));
}

function* fill(ch: Chan<number>): Task<void> {
  for (let n = 0; n < EACH; n++) yield* send(ch, n);
}

/** An operation can be driven again and again: the select is made once. */
async function reused(): Promise<number> {
  return rate(COUNT, async () => {
    const [a, b, c, d] = channels() as [Chan<number>, Chan<number>, Chan<number>, Chan<number>];
    for (const ch of [a, b, c, d]) spawn(fill.bind(undefined, ch));
    const any = select({ a: recv(a), b: recv(b), c: recv(c), d: recv(d) });
    const sum = await spawn(function* (): Task<number> {
      let sum = 0;
      for (let i = 0; i < COUNT; i++) sum += (yield* any).value;
      return sum;
    });
    check(sum === SENDERS * sumBelow(EACH), `the sum is ${sum}`);
  });
}

async function generators(): Promise<number> {
  return rate(COUNT, async () => {
    const [a, b, c, d] = channels() as [Chan<number>, Chan<number>, Chan<number>, Chan<number>];
    for (const ch of [a, b, c, d]) spawn(fill.bind(undefined, ch));
    const sum = await spawn(function* (): Task<number> {
      let sum = 0;
      for (let i = 0; i < COUNT; i++) {
        sum += (yield* select({ a: recv(a), b: recv(b), c: recv(c), d: recv(d) })).value;
      }
      return sum;
    });
    check(sum === SENDERS * sumBelow(EACH), `the sum is ${sum}`);
  });
}

async function asyncs(): Promise<number> {
  return rate(COUNT, async () => {
    const [a, b, c, d] = channels() as [Chan<number>, Chan<number>, Chan<number>, Chan<number>];
    for (const ch of [a, b, c, d]) {
      spawn(async () => {
        for (let n = 0; n < EACH; n++) await ch.send(n);
      });
    }
    const sum = await spawn(async () => {
      let sum = 0;
      for (let i = 0; i < COUNT; i++) {
        sum += (await select({ a: recv(a), b: recv(b), c: recv(c), d: recv(d) })).value;
      }
      return sum;
    });
    check(sum === SENDERS * sumBelow(EACH), `the sum is ${sum}`);
  });
}

const common = { work: "select over 4 channels", unit: "M/s", peers: { go: "6.8", tokio: "10 / 16" } } as const;

export const selectFour: readonly Row[] = [
  { ...common, by: "generators", run: generators, target: { atLeast: 6.8 } },
  { ...common, by: "generators, made once", run: reused },
  { ...common, by: "async", run: asyncs },
];
