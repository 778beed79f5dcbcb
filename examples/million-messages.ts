/**
 * A million messages across ten thousand actors. Each actor is a generator task with a mailbox of its own; who receives a message sends
 * it on to another, until it is enough.
 *
 * Prints:
 *
 *     1000000 messages received, by 10000 actors
 *
 * @module
 */
import { mpsc, oneshot, type Receiver, recv, type Sender, scope, send, type Task } from "gokio";

const ACTORS = 10_000;
const MESSAGES = 1_000_000;
const IN_FLIGHT = 1000;

const mailboxes: Sender<number>[] = [];
const active = new Set<number>();
const [done, finished] = oneshot<void>();
let received = 0;

const step = (seed: number): number => (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
const actorFor = (seed: number): Sender<number> => mailboxes[(seed >>> 8) % ACTORS] as Sender<number>;

function* actor(id: number, inbox: Receiver<number>): Task<void> {
  for (;;) {
    const seed = yield* recv(inbox);
    if (received === MESSAGES) return;
    active.add(id);
    if (++received === MESSAGES) done.send();
    const stepped = step(seed);
    yield* send(actorFor(stepped), stepped);
  }
}

await scope(function* (s): Task<void> {
  for (let id = 0; id < ACTORS; id++) {
    const [tx, rx] = mpsc<number>(64);
    mailboxes.push(tx);
    s.spawn(actor(id, rx));
  }
  for (let i = 0; i < IN_FLIGHT; i++) yield* send(actorFor(step(i)), step(i));
  yield* recv(finished);
  s.cancel("a million");
});
console.log(`${received} messages received, by ${active.size} actors`);
