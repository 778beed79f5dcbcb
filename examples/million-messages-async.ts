/**
 * A million messages across ten thousand actors, as async functions. Easier to read, and slower: each wait is a promise.
 *
 * Prints:
 *
 *     1000000 messages received, by 10000 actors
 *
 * @module
 */
import { mpsc, oneshot, type Receiver, type Sender, scope } from "gokio";

const ACTORS = 10_000;
const MESSAGES = 1_000_000;
const IN_FLIGHT = 1000;

const mailboxes: Sender<number>[] = [];
const active = new Set<number>();
const [done, finished] = oneshot<void>();
let received = 0;

const step = (seed: number): number => (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
const actorFor = (seed: number): Sender<number> => mailboxes[(seed >>> 8) % ACTORS] as Sender<number>;

async function actor(id: number, inbox: Receiver<number>): Promise<void> {
  for await (const seed of inbox) {
    if (received === MESSAGES) return;
    active.add(id);
    if (++received === MESSAGES) done.send();
    const stepped = step(seed);
    await actorFor(stepped).send(stepped);
  }
}

await scope(async (s) => {
  for (let id = 0; id < ACTORS; id++) {
    const [tx, rx] = mpsc<number>(64);
    mailboxes.push(tx);
    s.spawn(() => actor(id, rx));
  }
  for (let i = 0; i < IN_FLIGHT; i++) await actorFor(step(i)).send(step(i));
  await finished.recv();
  s.cancel("a million");
});
console.log(`${received} messages received, by ${active.size} actors`);
