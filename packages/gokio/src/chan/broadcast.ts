/**
 * Every message to every receiver. The sender never waits: a receiver that is too slow loses the oldest messages, and is told how many.
 *
 * How it works is told in `broadcast-ring.ts`.
 *
 * @module
 */

import { checkCount, MAX_CAPACITY, MisuseError } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { BroadcastRing, type Cursor } from "./broadcast-ring.ts";
import { type Closable, Closed, closing } from "./closed.ts";
import { Recv } from "./ends.ts";
import { forgettable } from "./forgettable.ts";
import { ReceivingEnd } from "./receiving-end.ts";

export interface BroadcastOptions {
  /** Shown in dumps and errors. */
  readonly name?: string | undefined;
}

/**
 * Makes a broadcast that keeps up to `capacity` messages for receivers that have not seen them yet.
 *
 * @example
 * ```ts
 * const news = broadcast<string>(16);
 * const a = news.subscribe();
 * const b = news.subscribe();
 * console.log(news.send("hello")); // 2
 * console.log(await a.recv(), await b.recv()); // hello hello
 * ```
 *
 * @throws {RangeError} unless `capacity` is a whole number from 1 to 2³¹ − 1.
 */
export function broadcast<T>(capacity: number, options: BroadcastOptions = {}): BroadcastSender<T> {
  checkCount("capacity", capacity, 1, MAX_CAPACITY);
  return new BroadcastSender(new BroadcastRing<T>(capacity, options.name));
}

/**
 * The sending end, which also makes the receivers. It may be cloned, for each task that sends; the last one disposed ends the broadcast.
 *
 * @example
 * ```ts
 * const news = broadcast<string>(16);
 * console.log(news.send("nobody hears this")); // 0
 * const rx = news.subscribe();
 * news.send("hello");
 * news[Symbol.dispose]();
 * for await (const text of rx) console.log(text); // hello
 * ```
 */
export class BroadcastSender<in out T> implements Closable, Disposable {
  readonly #ring: BroadcastRing<T>;
  #disposed = false;

  /** @internal */
  constructor(ring: BroadcastRing<T>) {
    this.#ring = ring;
    ring.senders++;
    forgettable.made?.(this, ring);
  }

  /** @internal */
  get [closing](): Operation<void> {
    return new Closed(this.#ring);
  }

  /**
   * Sends `value` to all who receive now, and never waits. The result is their number; if it is 0, nobody will see the message.
   *
   * @throws {MisuseError} if the sender was disposed.
   */
  send(value: T): number {
    return this.#live().send(value);
  }

  /**
   * A new receiver, of the messages sent from now on. Dispose it when it is done with: until then, messages are kept for it.
   *
   * @throws {MisuseError} if the sender was disposed.
   */
  subscribe(): BroadcastReceiver<T> {
    return new BroadcastReceiver(this.#live().subscribe());
  }

  /**
   * Another sender of the same broadcast, to be disposed by itself.
   *
   * @example
   * ```ts
   * const news = broadcast<string>(16);
   * const rx = news.subscribe();
   * const other = news.clone();
   * news[Symbol.dispose]();
   * console.log(other.send("still on"), rx.isClosed); // 1 false
   * ```
   *
   * @throws {MisuseError} if the sender was disposed.
   */
  clone(): BroadcastSender<T> {
    return new BroadcastSender(this.#live());
  }

  /**
   * Waits until every receiver is disposed; that is so, too, before the first is made. Another can be made after that.
   *
   * Cancel-safe: waiting takes nothing.
   *
   * @example
   * ```ts
   * const news = broadcast<string>(16);
   * const rx = news.subscribe();
   * spawn(async () => rx[Symbol.dispose]());
   * await news.closed();
   * console.log(news.receiverCount); // 0
   * ```
   */
  closed(options?: WaitOptions): Promise<void> {
    return start(this[closing], options);
  }

  /** Whether every receiver is disposed, or there never was one. */
  get isClosed(): boolean {
    return this.#ring.isClosed;
  }

  /** How many receivers there are that have not been disposed. */
  get receiverCount(): number {
    return this.#ring.cursors.size;
  }

  /** Whether `other` sends to the same receivers. */
  sameChannel(other: BroadcastSender<T>): boolean {
    return this.#ring === other.#ring;
  }

  /** How many messages a receiver may be behind before it misses one. */
  get capacity(): number {
    return this.#ring.capacity;
  }

  /** Says that this sender is done. The last one ends the broadcast: receivers get what they have not seen yet, and then the end. */
  [dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#ring.senderGone();
  }

  #live(): BroadcastRing<T> {
    if (this.#disposed) throw new MisuseError(`the sender of ${this.#ring.label} was disposed`);
    return this.#ring;
  }
}

/**
 * Receives every message sent since it was made. Several receives may wait at once; each message goes to one of them, in turn.
 *
 * A receiver that messages were overwritten for gets a `LaggedError`, whose `missed` counts them, from whichever receive comes next, a loop's
 * too. After that it goes on with the oldest message still kept.
 *
 * @example
 * ```ts
 * const news = broadcast<number>(2);
 * const rx = news.subscribe();
 * for (let i = 1; i <= 5; i++) news.send(i);
 * const error = await rx.recv().catch((e) => e);
 * console.log(error.missed, await rx.recv()); // 3 4
 * ```
 *
 * @example
 * ```ts
 * const news = broadcast<string>(16);
 * const early = news.subscribe();
 * news.send("first");
 * const late = early.resubscribe();
 * news.send("second");
 * console.log(await early.recv(), await late.recv()); // first second
 * ```
 */
export class BroadcastReceiver<T> extends ReceivingEnd<T> implements Disposable {
  readonly #cursor: Cursor<T>;

  /** @internal */
  constructor(cursor: Cursor<T>) {
    super(new Recv(cursor));
    this.#cursor = cursor;
    forgettable.made?.(this, cursor);
  }

  /** Another receiver of the same broadcast, for the messages sent from now on: what this one has not seen, the new one never will. */
  resubscribe(): BroadcastReceiver<T> {
    return new BroadcastReceiver(this.#cursor.ring.subscribe());
  }

  /** How many messages were sent that this receiver has not seen. More than the capacity: the next receive throws `LaggedError`. */
  get length(): number {
    return this.#cursor.isGone ? 0 : this.#cursor.ring.tail - this.#cursor.position;
  }

  /** Whether every sender was disposed. */
  get isClosed(): boolean {
    return this.#cursor.ring.hasEnded;
  }

  /** Whether `other` receives from the same senders. */
  sameChannel(other: BroadcastReceiver<T>): boolean {
    return this.#cursor.ring === other.#cursor.ring;
  }

  /** Receives no more: messages kept for this receiver alone are released, and whoever waits for one is told the end. */
  [dispose](): void {
    this.#cursor.leave();
  }
}
