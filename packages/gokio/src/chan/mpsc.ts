/**
 * The mailbox: many senders, one receiver, closed by itself when the last sender is done.
 *
 * The ends are objects of their own (`sender.ts`, `receiver.ts`), so that each can be given to whoever needs it, and be disposed there. How
 * the channel works is told in `mpsc-core.ts`.
 *
 * @module
 */
import { checkCount, MAX_CAPACITY } from "../errors.ts";
import { MpscCore } from "./mpsc-core.ts";
import { Receiver } from "./receiver.ts";
import { Sender } from "./sender.ts";

export interface MpscOptions {
  /** Shown in dumps and errors. */
  readonly name?: string | undefined;
}

/**
 * Makes a channel that holds up to `capacity` messages; sending waits while it is full. Clone the sender for each task that sends, and
 * dispose the clones: the receiver sees the end when the last sender is disposed.
 *
 * @example
 * ```ts
 * const [tx, rx] = mpsc<string>(8);
 * const work = async (sender: typeof tx, name: string) => {
 *   await sender.send(`hello from ${name}`);
 *   sender[Symbol.dispose]();
 * };
 * spawn(() => work(tx.clone(), "a"));
 * spawn(() => work(tx, "b"));
 * for await (const text of rx) console.log(text);
 * // hello from a
 * // hello from b
 * ```
 *
 * @throws {RangeError} unless `capacity` is a whole number from 1 to 2³¹ − 1.
 */
export function mpsc<T>(capacity: number, options: MpscOptions = {}): [tx: Sender<T>, rx: Receiver<T>] {
  checkCount("capacity", capacity, 1, MAX_CAPACITY);
  return endsOf(new MpscCore<T>(capacity, options.name));
}

// Declared, for what the compiler would declare for an assignment has no comment.
// biome-ignore lint/style/noNamespace: it is the type of a function's property, and no code.
export declare namespace mpsc {
  /**
   * Makes a channel without a bound: sending never waits, so a receiver that is too slow costs memory. `mpsc(n)` is the safer choice.
   *
   * @example
   * ```ts
   * const [tx, rx] = mpsc.unbounded<number>();
   * tx.trySend(1);
   * tx[Symbol.dispose]();
   * for await (const n of rx) console.log(n); // 1
   * ```
   */
  function unbounded<T>(options?: MpscOptions): [tx: Sender<T>, rx: Receiver<T>];
}

Object.assign(mpsc, { unbounded });

function unbounded<T>(options: MpscOptions = {}): [tx: Sender<T>, rx: Receiver<T>] {
  return endsOf(new MpscCore<T>(Number.POSITIVE_INFINITY, options.name));
}

function endsOf<T>(core: MpscCore<T>): [Sender<T>, Receiver<T>] {
  return [new Sender(core), new Receiver(core)];
}
