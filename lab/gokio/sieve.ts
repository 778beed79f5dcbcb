/** The prime sieve: a chain of tasks, each of which passes on what its prime does not divide. */
import { type Chan, chan, type JoinHandle, recv, send, spawn, type Task } from "gokio";
import { type Sample, timed } from "../contestant/program.ts";

export async function generators(size: number): Promise<Sample> {
  const tasks: JoinHandle<void>[] = [];
  const sample = await timed(() =>
    spawn(function* (): Task<number> {
      let from = chan<number>();
      tasks.push(spawn(naturals(from)));
      let prime = 0;
      for (let i = 0; i < size; i++) {
        prime = yield* recv(from);
        const to = chan<number>();
        tasks.push(spawn(filter(from, to, prime)));
        from = to;
      }
      return prime;
    }),
  );
  await stop(tasks);
  return sample;
}

function* naturals(to: Chan<number>): Task<void> {
  for (let n = 2; ; n++) yield* send(to, n);
}

function* filter(from: Chan<number>, to: Chan<number>, prime: number): Task<void> {
  for (;;) {
    const n = yield* recv(from);
    if (n % prime !== 0) yield* send(to, n);
  }
}

export async function asyncs(size: number): Promise<Sample> {
  const tasks: JoinHandle<void>[] = [];
  const sample = await timed(() =>
    spawn(async () => {
      let from = chan<number>();
      tasks.push(spawn(naturalsAsync.bind(undefined, from)));
      let prime = 0;
      for (let i = 0; i < size; i++) {
        prime = await from.recv();
        const to = chan<number>();
        tasks.push(spawn(filterAsync.bind(undefined, from, to, prime)));
        from = to;
      }
      return prime;
    }),
  );
  await stop(tasks);
  return sample;
}

async function naturalsAsync(to: Chan<number>): Promise<void> {
  for (let n = 2; ; n++) await to.send(n);
}

async function filterAsync(from: Chan<number>, to: Chan<number>, prime: number): Promise<void> {
  for (;;) {
    const n = await from.recv();
    if (n % prime !== 0) await to.send(n);
  }
}

async function stop(tasks: readonly JoinHandle<void>[]): Promise<void> {
  for (const task of tasks) task.abort();
  for (const task of tasks) await task.settled();
}
