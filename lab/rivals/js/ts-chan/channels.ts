/**
 * Channels: one `Chan` between async functions, with `send` and `recv`.
 *
 * The shape is that of ts-chan's own benchmarks: the loops of examples/concurrent-prime-sieve/index.js, the two channels of
 * examples/simple-http-benchmark/node-server-ping-pong/index.js. Where those receive with `for await`, the plain `recv` is used when the number of messages is
 * known, which saves the iterator. The sieve is stopped by closing its channels; with an `AbortSignal` for each send, as in the original, it would be
 * slower.
 *
 * @module
 */
import type { Chan } from "ts-chan";
import { computed, PATIENCE, WORKERS } from "../../../contestant/numbers.ts";
import { type Sample, timed, type Work } from "../../../contestant/program.ts";

/** Makes a channel, of the kind that is measured. */
export type Make = <T>(capacity?: number) => Chan<T>;

const CAPACITY = 64;

export function rendezvous(make: Make): Work {
  return (size) => oneToOne(size, make<number>());
}

export function buffered(make: Make): Work {
  return (size) => oneToOne(size, make<number>(CAPACITY));
}

function oneToOne(size: number, numbers: Chan<number>): Promise<Sample> {
  return timed(async () => {
    const sent = sendAll(size, numbers);
    let sum = 0;
    for (let i = 0; i < size; i++) sum += await received<number>(numbers);
    await sent;
    return sum;
  });
}

async function sendAll(size: number, to: Chan<number>): Promise<void> {
  for (let n = 0; n < size; n++) await to.send(n);
}

/** What comes next. Its type is said at the call: the package's declarations do not resolve in a project of ES modules, so that all is `any`. */
export async function received<T>(from: Chan<T>): Promise<T> {
  return (await from.recv()).value as T;
}

export function pingPong(make: Make): Work {
  return (trips) =>
    timed(async () => {
      const there = make<number>();
      const back = make<number>();
      const answered = (async () => {
        for (let i = 0; i < trips; i++) await back.send((await received<number>(there)) + 1);
      })();
      let ball = 0;
      for (let i = 0; i < trips; i++) {
        await there.send(ball);
        ball = (await received<number>(back)) + 1;
      }
      await answered;
      return ball;
    });
}

/** A limit on a receive is an `AbortSignal`, the one thing that it takes. */
export function timeout(make: Make): Work {
  return (size) =>
    timed(async () => {
      const questions = make<number>();
      const answers = make<number>();
      const answered = (async () => {
        for (let i = 0; i < size; i++) await answers.send((await received<number>(questions)) + 1);
      })();
      let sum = 0;
      for (let i = 0; i < size; i++) {
        await questions.send(i);
        sum += (await answers.recv(AbortSignal.timeout(PATIENCE))).value as number;
      }
      await answered;
      return sum;
    });
}

export function pipeline(make: Make): Work {
  return (size) =>
    timed(async () => {
      const jobs = make<number>(CAPACITY);
      const results = make<number>(CAPACITY);
      const produced = sendAll(size, jobs).then(() => jobs.close());
      const workers = Array.from({ length: WORKERS }, async () => {
        for await (const job of jobs) await results.send(computed(job));
      });
      const worked = Promise.all(workers).then(() => results.close());
      let sum = 0;
      for await (const result of results) sum += result;
      await Promise.all([produced, worked]);
      return sum;
    });
}

export function sieve(make: Make): Work {
  return async (size) => {
    const tasks: Promise<void>[] = [];
    let isOver = false;
    const naturals = async (to: Chan<number>): Promise<void> => {
      for (let n = 2; !isOver; n++) await to.send(n);
      to.close();
    };
    let from = make<number>();
    const sample = await timed(async () => {
      tasks.push(naturals(from));
      let prime = 0;
      for (let i = 0; i < size; i++) {
        prime = await received<number>(from);
        const to = make<number>();
        tasks.push(filter(from, to, prime));
        from = to;
      }
      return prime;
    });
    isOver = true;
    // What is still under way comes out at the end of the chain, and then the end.
    for await (const _ of from);
    await Promise.all(tasks);
    return sample;
  };
}

async function filter(from: Chan<number>, to: Chan<number>, prime: number): Promise<void> {
  for await (const n of from) if (n % prime !== 0) await to.send(n);
  to.close();
}
