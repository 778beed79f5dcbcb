/** What a task weighs that waits for a message in a mailbox of its own. */
import { mpsc, type Receiver, recv, type Sender, sleep, spawn, type Task } from "gokio";
import { MAILBOX } from "../contestant/actors.ts";
import { parked } from "../contestant/memory.ts";
import type { Sample } from "../contestant/program.ts";

export function generators(size: number): Promise<Sample> {
  return weigh(size, (started, got) => {
    function* receive(rx: Receiver<number>): Task<void> {
      started();
      got(yield* recv(rx));
    }
    return (rx) => void spawn(receive(rx));
  });
}

export function asyncs(size: number): Promise<Sample> {
  return weigh(size, (started, got) => {
    async function receive(rx: Receiver<number>): Promise<void> {
      started();
      got(await rx.recv());
    }
    return (rx) => void spawn(receive.bind(undefined, rx));
  });
}

type Starter = (started: () => void, got: (one: number) => void) => (rx: Receiver<number>) => void;

function weigh(size: number, starter: Starter): Promise<Sample> {
  const mailboxes: Sender<number>[] = [];
  let waiting = 0;
  let received = 0;
  const start = starter(
    () => void waiting++,
    (one) => {
      received += one;
    },
  );
  return parked(
    size,
    async () => {
      for (let i = 0; i < size; i++) {
        const [tx, rx] = mpsc<number>(MAILBOX);
        mailboxes.push(tx);
        start(rx);
      }
      while (waiting < size) await sleep(1);
    },
    async () => {
      for (const mailbox of mailboxes) await mailbox.send(1);
      while (received < size) await sleep(1);
      return received;
    },
  );
}
