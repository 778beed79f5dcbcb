/**
 * The channel of Go: many senders, many receivers, a buffer of fixed capacity, an explicit close.
 *
 * # Algorithm
 *
 * After Go's `runtime/chan.go`. A value goes straight to a parked receiver if there is one, else into the buffer if that has room, else
 * the sender parks with it. A receiver takes from the buffer, and then moves the value of the first parked sender into the
 * room it made; with no buffer it takes from the sender itself. Values are handed over before the other side is woken, so
 * no third party can come between.
 *
 *     senders: parked, oldest first ─▶ buffer: at most `capacity` ─▶ receivers: parked, oldest first
 *
 * 1. Receivers are parked only while the buffer is empty; senders only while it is full.
 * 2. Not both: only one select can have parked on both sides, when neither could go on.
 * 3. A closed channel has nobody parked.
 * 4. The slot of a parked sender holds its value.
 *
 * @module
 */
import { ClosedError, checkCount, MAX_CAPACITY, SendError, show } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { Operation } from "../kernel/operation.ts";
import { Ring } from "../kernel/ring.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { give, giveUpAll, type Inlet, Recv, type Sink, sending } from "./ends.ts";
import { ReceivingEnd } from "./receiving-end.ts";

export interface ChanOptions {
  /** Shown in dumps and errors. */
  readonly name?: string | undefined;
}

/**
 * Makes a channel. With capacity 0, the default, a send and a receive meet: neither goes on before the other.
 *
 * @example
 * ```ts
 * const jobs = chan<string>(8);
 * await jobs.send("build");
 * jobs.close();
 * for await (const job of jobs) console.log(job); // build
 * ```
 *
 * @throws {RangeError} unless `capacity` is a whole number from 0 to 2³¹ − 1.
 */
export function chan<T>(capacity = 0, options: ChanOptions = {}): Chan<T> {
  checkCount("capacity", capacity, 0, MAX_CAPACITY);
  return new Chan(new Core<T>(capacity, options.name));
}

/** Made by {@link chan}: both ends in one object, for any number of senders and receivers. */
export class Chan<in out T> extends ReceivingEnd<T> implements Sink<T> {
  readonly #core: Core<T>;
  /** @internal */
  constructor(core: Core<T>) {
    super(new Recv(core));
    this.#core = core;
  }

  /** @internal */
  [sending](value: T): Operation<void> {
    return new Send(this.#core, value);
  }

  /**
   * Sends `value`, waiting while the buffer is full or, without one, for a receiver.
   *
   * Cancel-safe: a cancelled send has not sent.
   *
   * @throws {SendError} with the value, if the channel is closed, or is closed meanwhile.
   */
  send(value: T, options?: WaitOptions): Promise<void> {
    return start(this[sending](value), options);
  }

  /** Sends now, or not at all: `false` if that would have to wait. @throws {SendError} if the channel is closed. */
  trySend(value: T): boolean {
    return this.#core.put(value);
  }

  /**
   * Says that nothing more will be sent. What is buffered can still be received; parked receivers are told the end, parked senders
   * get their values back.
   *
   * @throws {ClosedError} if it was closed before.
   */
  close(): void {
    this.#core.close();
  }

  /** Whether it was closed; what it still holds can be received. */
  get isClosed(): boolean {
    return this.#core.closed;
  }

  /** How many values are buffered. */
  get length(): number {
    return this.#core.length;
  }

  /** How many values it holds without a receiver; 0 for a rendezvous. */
  get capacity(): number {
    return this.#core.capacity;
  }
}

/** The core is its buffer: one object less to go through for each message. */
class Core<T> extends Ring<T> implements Inlet<T> {
  readonly receivers = new WaitList();
  readonly senders = new WaitList<void>();
  closed = false;

  readonly capacity: number;
  readonly name: string | undefined;

  constructor(capacity: number, name: string | undefined) {
    super();
    this.capacity = capacity;
    this.name = name;
  }

  put(value: T): boolean {
    if (this.closed) throw new SendError(this.label, value);
    const receiver = this.receivers.shift();
    if (receiver !== undefined) give(receiver, value);
    else if (this.length < this.capacity) this.push(value);
    else return false;
    return true;
  }

  take(): T | Pending {
    const { senders } = this;
    if (this.length !== 0) {
      const value = this.shift();
      if (senders.head !== undefined) this.push(this.#release());
      return value;
    }
    if (senders.head !== undefined) return this.#release();
    if (this.closed) throw new ClosedError(this.label);
    return PENDING;
  }

  /** Takes the value of the first parked sender, who goes on. */
  #release(): T {
    const sender = this.senders.shift() as Waiter<void>;
    const value = sender.slot as T;
    sender.wake();
    return value;
  }

  close(): void {
    if (this.closed) throw new ClosedError(this.label);
    this.closed = true;
    if (this.receivers.head !== undefined) giveUpAll(this.receivers, new ClosedError(this.label));
    for (let sender = this.senders.shift(); sender !== undefined; sender = this.senders.shift()) {
      sender.fail(new SendError(this.label, sender.slot));
    }
  }

  get label(): string {
    return `chan(${this.capacity}${this.name === undefined ? "" : `, ${show(this.name)}`})`;
  }
}

class Send<T> extends Operation<void> {
  readonly core: Core<T>;
  readonly value: T;

  constructor(core: Core<T>, value: T) {
    super();
    this.core = core;
    this.value = value;
  }

  override try(): undefined | Pending {
    return this.core.put(this.value) ? undefined : PENDING;
  }

  override link(waiter: Waiter<void>): void {
    waiter.slot = this.value;
    this.core.senders.push(waiter);
  }

  override unlink(waiter: Waiter<void>): void {
    this.core.senders.remove(waiter);
  }

  override describe(): string {
    return `send on ${this.core.label}`;
  }
}
