/** One sender and eight receivers, who all get every number; credits keep the sender from overtaking them. */
import { type BroadcastReceiver, broadcast, chan, type JoinHandle, recv, send, spawn, type Task } from "gokio";
import { BACKLOG, BATCH, LISTENERS } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

export function generators(size: number): Promise<Sample> {
  return timed(async () => {
    const news = broadcast<number>(BACKLOG);
    const credits = chan<void>(LISTENERS);
    function* listen(rx: BroadcastReceiver<number>): Task<number> {
      let sum = 0;
      for (let n = 1; n <= size; n++) {
        sum += yield* recv(rx);
        if (n % BATCH === 0) yield* send(credits, undefined);
      }
      return sum;
    }
    const listeners = Array.from({ length: LISTENERS }, () => {
      const rx = news.subscribe();
      return spawn(listen(rx), { move: rx });
    });
    spawn(
      function* (): Task<void> {
        for (let n = 0; n < size; n++) {
          news.send(n);
          if ((n + 1) % BATCH === 0) for (let i = 0; i < LISTENERS; i++) yield* recv(credits);
        }
      },
      { move: news },
    );
    return await total(listeners);
  });
}

export function asyncs(size: number): Promise<Sample> {
  return timed(async () => {
    const news = broadcast<number>(BACKLOG);
    const credits = chan<void>(LISTENERS);
    async function listen(rx: BroadcastReceiver<number>): Promise<number> {
      let sum = 0;
      for (let n = 1; n <= size; n++) {
        sum += await rx.recv();
        if (n % BATCH === 0) await credits.send(undefined);
      }
      return sum;
    }
    const listeners = Array.from({ length: LISTENERS }, () => {
      const rx = news.subscribe();
      return spawn(listen.bind(undefined, rx), { move: rx });
    });
    spawn(
      async () => {
        for (let n = 0; n < size; n++) {
          news.send(n);
          if ((n + 1) % BATCH === 0) for (let i = 0; i < LISTENERS; i++) await credits.recv();
        }
      },
      { move: news },
    );
    return await total(listeners);
  });
}

async function total(listeners: readonly JoinHandle<number>[]): Promise<number> {
  let sum = 0;
  for (const listener of listeners) sum += await listener;
  return sum;
}
