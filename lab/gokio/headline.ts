/** The headline: actors that pass on messages, each a task with a bounded mailbox of its own. */
import { mpsc, oneshot, type Receiver, recv, type Sender, send, sleep, spawn, type Task } from "gokio";
import { crowd, firstMessage, MAILBOX, type Message, Walk } from "../contestant/actors.ts";
import { resident } from "../contestant/memory.ts";
import type { Params, Sample } from "../contestant/program.ts";

type Mailboxes = Walk<Sender<Message>>;

export function generators(receipts: number, params: Params): Promise<Sample> {
  return headline(receipts, params, (walk, started) => {
    function* actor(rx: Receiver<Message>): Task<void> {
      started();
      for (;;) {
        const message = yield* recv(rx);
        const next = walk.received(message);
        if (next === undefined) return;
        yield* send(next, message);
      }
    }
    // Actors never end, and the program does: they are daemons.
    return (rx) => void spawn(actor(rx), { daemon: true });
  });
}

export function asyncs(receipts: number, params: Params): Promise<Sample> {
  return headline(receipts, params, (walk, started) => {
    async function actor(rx: Receiver<Message>): Promise<void> {
      started();
      for (;;) {
        const message = await rx.recv();
        const next = walk.received(message);
        if (next === undefined) return;
        await next.send(message);
      }
    }
    return (rx) => void spawn(actor.bind(undefined, rx), { daemon: true });
  });
}

type Starter = (walk: Mailboxes, started: () => void) => (rx: Receiver<Message>) => void;

async function headline(receipts: number, params: Params, starter: Starter): Promise<Sample> {
  const { actors, inflight } = crowd(params);
  const [done, finished] = oneshot<void>();
  const walk: Mailboxes = new Walk(receipts, () => done.send());
  let waiting = 0;
  const start = starter(walk, () => void waiting++);
  for (let i = 0; i < actors; i++) {
    const [tx, rx] = mpsc<Message>(MAILBOX);
    walk.mailboxes.push(tx);
    start(rx);
  }
  while (waiting < actors) await sleep(1);
  const parked = resident();
  const begun = performance.now();
  for (let i = 0; i < inflight; i++) {
    const mailbox = walk.mailboxes[i % actors] as Sender<Message>;
    if (!mailbox.trySend(firstMessage(i))) throw new Error("the mailboxes hold less than what is in flight");
  }
  await finished.recv();
  return walk.sample(performance.now() - begun, parked);
}
