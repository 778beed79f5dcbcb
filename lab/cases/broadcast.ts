/** One sender and eight receivers, who all get every message; a credit for each batch keeps the sender from overtaking them. */
import { type BroadcastReceiver, broadcast, chan, recv, send, spawn, type Task } from "gokio";
import { check, type Row, rate, sumBelow } from "../case.ts";

const RECEIVERS = 8;
const MESSAGES = 500_000;
const CAPACITY = 1024;
const BATCH = 512;
const DELIVERIES = RECEIVERS * MESSAGES;

async function generators(): Promise<number> {
  return rate(DELIVERIES, async () => {
    const news = broadcast<number>(CAPACITY);
    const caughtUp = chan<void>(RECEIVERS);
    function* listen(rx: BroadcastReceiver<number>): Task<number> {
      let sum = 0;
      for (let n = 1; n <= MESSAGES; n++) {
        sum += yield* recv(rx);
        if (n % BATCH === 0) yield* send(caughtUp, undefined);
      }
      return sum;
    }
    const tasks = Array.from({ length: RECEIVERS }, () => {
      const rx = news.subscribe();
      return spawn(listen.bind(undefined, rx), { move: rx });
    });
    spawn(function* (): Task<void> {
      for (let n = 0; n < MESSAGES; n++) {
        news.send(n);
        if ((n + 1) % BATCH === 0) for (let i = 0; i < RECEIVERS; i++) yield* recv(caughtUp);
      }
      news[Symbol.dispose]();
    });
    for (const task of tasks) check((await task) === sumBelow(MESSAGES), "a message was lost");
  });
}

async function asyncs(): Promise<number> {
  return rate(DELIVERIES, async () => {
    const news = broadcast<number>(CAPACITY);
    const caughtUp = chan<void>(RECEIVERS);
    const tasks = Array.from({ length: RECEIVERS }, () => {
      const rx = news.subscribe();
      return spawn(
        async () => {
          let sum = 0;
          for (let n = 1; n <= MESSAGES; n++) {
            sum += await rx.recv();
            if (n % BATCH === 0) await caughtUp.send(undefined);
          }
          return sum;
        },
        { move: rx },
      );
    });
    spawn(async () => {
      for (let n = 0; n < MESSAGES; n++) {
        news.send(n);
        if ((n + 1) % BATCH === 0) for (let i = 0; i < RECEIVERS; i++) await caughtUp.recv();
      }
      news[Symbol.dispose]();
    });
    for (const task of tasks) check((await task) === sumBelow(MESSAGES), "a message was lost");
  });
}

const common = { work: "broadcast to 8, deliveries", unit: "M/s", peers: { tokio: "115 / 160" } } as const;

export const broadcasts: readonly Row[] = [
  { ...common, by: "generators", run: generators, target: { atLeast: 80 } },
  { ...common, by: "async", run: asyncs },
];
