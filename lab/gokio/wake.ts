/** Tasks that are parked on one channel, each handed a message, until the last of them has run. */
import { type Chan, chan, oneshot, recv, sleep, spawn, type Task } from "gokio";
import { type Sample, timed } from "../contestant/program.ts";

export function generators(size: number): Promise<Sample> {
  return wake(size, (ch, started, woken) => {
    function* sleeper(): Task<void> {
      started();
      woken(yield* recv(ch));
    }
    return () => void spawn(sleeper);
  });
}

export function asyncs(size: number): Promise<Sample> {
  return wake(size, (ch, started, woken) => {
    async function sleeper(): Promise<void> {
      started();
      woken(await ch.recv());
    }
    return () => void spawn(sleeper);
  });
}

type Starter = (ch: Chan<number>, started: () => void, woken: (one: number) => void) => () => void;

async function wake(size: number, starter: Starter): Promise<Sample> {
  const ch = chan<number>();
  const [done, allWoken] = oneshot<void>();
  let parked = 0;
  let sum = 0;
  const start = starter(
    ch,
    () => void parked++,
    (one) => {
      sum += one;
      if (sum === size) done.send();
    },
  );
  for (let i = 0; i < size; i++) start();
  while (parked < size) await sleep(1);
  return timed(async () => {
    // Each is parked, so each is handed its message now; a task runs once this one has paused.
    for (let i = 0; i < size; i++) if (!ch.trySend(1)) throw new Error(`task ${i} was not parked`);
    await allWoken.recv();
    return sum;
  });
}
