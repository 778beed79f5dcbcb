/** Two tasks that answer each other over two rendezvous channels; a round trip is two messages. */
import { chan, recv, send, spawn, type Task } from "gokio";
import { check, type Row, rate } from "../case.ts";

const TRIPS = 500_000;

async function generators(): Promise<number> {
  return rate(TRIPS, async () => {
    const there = chan<number>();
    const back = chan<number>();
    spawn(function* (): Task<void> {
      for (let i = 0; i < TRIPS; i++) yield* send(back, (yield* recv(there)) + 1);
    });
    const last = await spawn(function* (): Task<number> {
      let n = 0;
      for (let i = 0; i < TRIPS; i++) {
        yield* send(there, n);
        n = yield* recv(back);
      }
      return n;
    });
    check(last === TRIPS, `the ball came back ${last} times`);
  });
}

async function asyncs(): Promise<number> {
  return rate(TRIPS, async () => {
    const there = chan<number>();
    const back = chan<number>();
    spawn(async () => {
      for (let i = 0; i < TRIPS; i++) await back.send((await there.recv()) + 1);
    });
    const last = await spawn(async () => {
      let n = 0;
      for (let i = 0; i < TRIPS; i++) {
        await there.send(n);
        n = await back.recv();
      }
      return n;
    });
    check(last === TRIPS, `the ball came back ${last} times`);
  });
}

const common = { work: "ping-pong round trips", unit: "M/s", peers: { go: "4.2", tokio: "2.4 / 2.4" } } as const;

export const pingPong: readonly Row[] = [
  { ...common, by: "generators", run: generators, target: { atLeast: 6.3 } },
  { ...common, by: "async", run: asyncs },
];
