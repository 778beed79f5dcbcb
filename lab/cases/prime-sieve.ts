/** The prime sieve of Go's documentation: a chain of tasks, one filter for each prime found, on rendezvous channels. */
import { type Chan, chan, type JoinHandle, recv, send, spawn, type Task } from "gokio";
import { check, elapsed, type Row } from "../case.ts";

const PRIMES = 1000;
const THE_THOUSANDTH = 7919;

function* naturals(to: Chan<number>): Task<void> {
  for (let n = 2; ; n++) yield* send(to, n);
}

function* filter(from: Chan<number>, to: Chan<number>, prime: number): Task<void> {
  for (;;) {
    const n = yield* recv(from);
    if (n % prime !== 0) yield* send(to, n);
  }
}

function* sieve(tasks: JoinHandle<void>[]): Task<number> {
  let from = chan<number>();
  tasks.push(spawn(naturals.bind(undefined, from)));
  let prime = 0;
  for (let i = 0; i < PRIMES; i++) {
    prime = yield* recv(from);
    const to = chan<number>();
    tasks.push(spawn(filter.bind(undefined, from, to, prime)));
    from = to;
  }
  return prime;
}

async function generators(): Promise<number> {
  const tasks: JoinHandle<void>[] = [];
  const ms = await elapsed(async () => {
    const last = await spawn(sieve.bind(undefined, tasks));
    check(last === THE_THOUSANDTH, `the last prime is ${last}`);
  });
  for (const task of tasks) task.abort();
  await Promise.all(tasks.map((task) => task.settled()));
  return ms;
}

export const primeSieve: readonly Row[] = [
  {
    work: "prime sieve, 1,000 primes",
    by: "generators",
    unit: "ms",
    run: generators,
    peers: { go: "81", tokio: "59 / 51" },
    target: { atMost: 81 },
  },
];
