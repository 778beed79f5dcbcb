/** Tasks that wait for a message: from a channel they share, and each from a mailbox of its own. */
import { type Chan, chan, mpsc, type Receiver, recv, type Sender, spawn, type Task } from "gokio";
import type { Standing } from "../case.ts";

const COUNT = 10_000;

/** How a task is started that waits at `source`. */
type Starter<S> = (source: S, started: () => void, woken: () => void) => void;

function* waiting(source: Chan<number> | Receiver<number>, started: () => void, woken: () => void): Task<void> {
  started();
  yield* recv(source);
  woken();
}

async function waitingAsync(
  source: Chan<number> | Receiver<number>,
  started: () => void,
  woken: () => void,
): Promise<void> {
  started();
  await source.recv();
  woken();
}

/** Lets the event loop go round: a sleep would wait for a clock that may stand still. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function standing<S>(
  name: string,
  start: Starter<S>,
  places: (count: number) => { at: (i: number) => S; wake: () => void },
): Standing {
  return {
    kind: "standing",
    name,
    count: COUNT,
    async stand(count) {
      let [started, woken] = [0, 0];
      const hasStarted = (): void => void started++;
      const hasWoken = (): void => void woken++;
      const { at, wake } = places(count);
      for (let i = 0; i < count; i++) start(at(i), hasStarted, hasWoken);
      while (started < count) await turn();
      return async () => {
        wake();
        while (woken < count) await turn();
        return woken;
      };
    },
  };
}

const sharing = (count: number) => {
  const ch = chan<number>();
  const wake = (): void => {
    for (let i = 0; i < count; i++) ch.trySend(i);
  };
  return { at: () => ch, wake };
};

const own = (count: number) => {
  const senders: Sender<number>[] = [];
  const at = (): Receiver<number> => {
    const [tx, rx] = mpsc<number>(64);
    senders.push(tx);
    return rx;
  };
  const wake = (): void => {
    for (let i = 0; i < count; i++) senders[i]?.trySend(i);
  };
  return { at, wake };
};

export const parked: readonly Standing[] = [
  standing<Chan<number>>("parked task, generator", (ch, ...told) => void spawn(() => waiting(ch, ...told)), sharing),
  standing<Chan<number>>("parked task, async", (ch, ...told) => void spawn(() => waitingAsync(ch, ...told)), sharing),
  standing<Receiver<number>>(
    "parked task with its mailbox, generator",
    (rx, ...told) => void spawn(() => waiting(rx, ...told)),
    own,
  ),
  standing<Receiver<number>>(
    "parked task with its mailbox, async",
    (rx, ...told) => void spawn(() => waitingAsync(rx, ...told)),
    own,
  ),
];
