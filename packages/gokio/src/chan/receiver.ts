/**
 * The receiving end of an mpsc channel.
 *
 * @module
 */

import { ClosedError, checkCount, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { ReceiveAs } from "./ends.ts";
import type { MpscCore } from "./mpsc-core.ts";
import { ReceivingEnd } from "./receiving-end.ts";

export const receivingMany: unique symbol = Symbol("gokio.receivingMany");

/**
 * The one receiving end of an mpsc channel. Several receives may wait at once, and are served in turn.
 *
 * @example
 * ```ts
 * const [tx, rx] = mpsc<number>(4);
 * spawn(async () => {
 *   for (const n of [1, 2, 3]) await tx.send(n);
 *   tx[Symbol.dispose]();
 * });
 * let sum = 0;
 * for await (const n of rx) sum += n;
 * console.log(sum); // 6
 * ```
 */
export class Receiver<T> extends ReceivingEnd<T> implements Disposable {
  readonly #core: MpscCore<T>;

  /** @internal */
  constructor(core: MpscCore<T>) {
    super(core);
    this.#core = core;
  }

  /** @internal */
  [receivingMany](limit: number): Operation<T[]> {
    return new RecvMany(this.#core, limit);
  }

  /**
   * Receives all messages there are, up to `limit`. Senders that wait for a slot are served on the way, so there can be more messages than
   * slots. Where there is none, waits for the next one, and gives just that: it was handed over as it was sent. The array is empty only if
   * no message will ever come, or `limit` is 0.
   *
   * Cancel-safe: a cancelled call has taken nothing.
   *
   * @example
   * ```ts
   * const [tx, rx] = mpsc.unbounded<number>();
   * for (let i = 1; i <= 5; i++) tx.trySend(i);
   * console.log(await rx.recvMany(3)); // [ 1, 2, 3 ]
   * console.log(await rx.recvMany(3)); // [ 4, 5 ]
   * ```
   *
   * @throws {RangeError} at the call, unless `limit` is a whole number of at least 0.
   */
  recvMany(limit: number, options?: WaitOptions): Promise<T[]> {
    return start(recvMany(this, limit), options);
  }

  /**
   * Takes no new messages. Senders that wait for a slot get their messages back; what is buffered, and what permits that are out
   * will send, can still be received. A second call does nothing.
   */
  close(): void {
    this.#core.close();
  }

  /** Whether no new message can be sent: this end is closed or disposed, or the last sender is disposed. */
  get isClosed(): boolean {
    return this.#core.hasEnded;
  }

  /** How many messages are buffered. */
  get length(): number {
    return this.#core.length;
  }

  /** How many slots the channel has; `Infinity` if it is unbounded. */
  get capacity(): number {
    return this.#core.capacity;
  }

  /** Closes, and drops what is buffered: nobody is left to receive it. */
  [dispose](): void {
    this.#core.discard();
  }
}

/** What can be received from in batches: the receiver of an mpsc channel. */
export interface ManySource<T> {
  /** @internal */
  [receivingMany](limit: number): Operation<T[]>;
}

/**
 * Receives up to `limit` messages that are there, or else the next one, as an operation: what `Receiver.recvMany` does.
 *
 * Cancel-safe: a cancelled call has taken nothing.
 *
 * @example
 * ```ts
 * const [tx, rx] = mpsc<string>(8);
 * for (const text of ["a", "b", "c"]) tx.trySend(text);
 * const won = await select({ batch: recvMany(rx, 100), late: sleep(1000) });
 * console.log(won.value); // [ 'a', 'b', 'c' ]
 * ```
 *
 * @throws {RangeError} at the call, unless `limit` is a whole number of at least 0.
 */
export function recvMany<T>(from: ManySource<T>, limit: number, options?: WaitOptions): Operation<T[]> {
  checkCount("limit", limit);
  if (typeof from?.[receivingMany] !== "function") {
    throw wrongType("from", "the receiver of an mpsc channel", from);
  }
  return withOptions(from[receivingMany](limit), options);
}

class RecvMany<T> extends ReceiveAs<T, T[]> {
  readonly #core: MpscCore<T>;
  readonly #limit: number;

  constructor(core: MpscCore<T>, limit: number) {
    super(core);
    this.#core = core;
    this.#limit = limit;
  }

  override try(): T[] | Pending {
    if (this.#limit === 0) return [];
    try {
      const first = this.#core.take();
      return first === PENDING ? PENDING : this.#fill([first]);
    } catch (error) {
      if (error instanceof ClosedError) return [];
      throw error;
    }
  }

  #fill(batch: T[]): T[] {
    while (batch.length < this.#limit && this.#core.length !== 0) batch.push(this.#core.take() as T);
    return batch;
  }

  override give(waiter: Waiter<T[]>, value: T): void {
    waiter.wake([value]);
  }

  override giveUp(waiter: Waiter<T[]>): void {
    waiter.wake([]);
  }

  override describe(): string {
    return `recvMany on ${this.inlet.label}`;
  }
}
