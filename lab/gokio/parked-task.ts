/** What a task weighs that waits for a message from a channel it shares with the others. */
import { type Chan, chan, recv, sleep, spawn, type Task } from "gokio";
import { parked } from "../contestant/memory.ts";
import type { Sample } from "../contestant/program.ts";

export function generators(size: number): Promise<Sample> {
  return weigh(size, (ch, started, got) => {
    function* receive(): Task<void> {
      started();
      got(yield* recv(ch));
    }
    return () => void spawn(receive);
  });
}

export function asyncs(size: number): Promise<Sample> {
  return weigh(size, (ch, started, got) => {
    async function receive(): Promise<void> {
      started();
      got(await ch.recv());
    }
    return () => void spawn(receive);
  });
}

type Starter = (ch: Chan<number>, started: () => void, got: (one: number) => void) => () => void;

function weigh(size: number, starter: Starter): Promise<Sample> {
  const ch = chan<number>();
  let waiting = 0;
  let woken = 0;
  const start = starter(
    ch,
    () => void waiting++,
    (one) => {
      woken += one;
    },
  );
  return parked(
    size,
    async () => {
      for (let i = 0; i < size; i++) start();
      while (waiting < size) await sleep(1);
    },
    async () => {
      for (let i = 0; i < size; i++) await ch.send(1);
      while (woken < size) await sleep(1);
      return woken;
    },
  );
}
