/**
 * The headline: a million messages across ten thousand actors.
 *
 * Each actor is a task with a bounded mailbox of its own. K messages are in flight; each carries the time it was sent and a
 * seed. Who receives one records how long it took, steps the seed, and sends the message, stamped anew, to the actor the
 * seed names; until a million have been received. No warm-up: the clock starts with the first message of a cold process.
 *
 * @module
 */
import { mpsc, oneshot, type Receiver, recv, type Sender, send, sleep, spawn, type Task } from "gokio";
import { check } from "./case.ts";
import { Histogram } from "./histogram.ts";

export const ACTORS = 10_000;
export const RECEIPTS = 1_000_000;
const MAILBOX = 64;

export type Flavour = "generator" | "async";

/** Owned by whoever received it last, who sends it on: nothing is allocated on the way. */
interface Message {
  sentAt: number;
  seed: number;
}

export class Actors {
  readonly latencies = new Histogram();
  readonly #mailboxes: Sender<Message>[] = [];
  readonly #done = oneshot<void>();
  readonly #finished: Promise<void> = this.#done[1].recv();

  /** Starts the actors, and returns when all are parked. */
  async start(flavour: Flavour): Promise<void> {
    for (let i = 0; i < ACTORS; i++) {
      const [tx, rx] = mpsc<Message>(MAILBOX);
      this.#mailboxes.push(tx);
      // A daemon: the actors never end, and the program does.
      // Bound, it is still a generator function: an arrow around it could be async, and would be given an ambient context.
      if (flavour === "generator") spawn(this.#generator.bind(this, rx), { daemon: true });
      else spawn(() => this.#async(rx), { daemon: true });
    }
    await sleep(1);
  }

  get received(): number {
    return this.latencies.count;
  }

  /** Sends off `inFlight` messages, and returns how many seconds the million took. */
  async run(inFlight: number): Promise<number> {
    const start = performance.now();
    for (let i = 0; i < inFlight; i++) {
      const mailbox = this.#mailboxes[i % ACTORS] as Sender<Message>;
      // In one go: were each send awaited, the first messages would be far before the last is sent.
      check(mailbox.trySend({ sentAt: performance.now(), seed: step(i) }), "the mailboxes are empty at first");
    }
    await this.#finished;
    const seconds = (performance.now() - start) / 1000;
    check(this.received === RECEIPTS, `${this.received} messages were received`);
    return seconds;
  }

  *#generator(rx: Receiver<Message>): Task<void> {
    for (;;) {
      const message = yield* recv(rx);
      const next = this.#handle(message);
      if (next === undefined) return;
      yield* send(next, message);
    }
  }

  async #async(rx: Receiver<Message>): Promise<void> {
    for (;;) {
      const message = await rx.recv();
      const next = this.#handle(message);
      if (next === undefined) return;
      await next.send(message);
    }
  }

  /** Whom to send the message on to; nobody, once it is enough. */
  #handle(message: Message): Sender<Message> | undefined {
    if (this.received === RECEIPTS) return undefined;
    const now = performance.now();
    this.latencies.record(now - message.sentAt);
    if (this.received === RECEIPTS) {
      this.#done[0].send();
      return undefined;
    }
    message.seed = step(message.seed);
    message.sentAt = now;
    return this.#mailboxes[(message.seed >>> 8) % ACTORS];
  }
}

function step(seed: number): number {
  return (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
}
