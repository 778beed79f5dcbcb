/**
 * What the ends of an mpsc channel share: its slots, its buffer and its queues.
 *
 * # Algorithm
 *
 * A bounded channel has `limit` slots. A message takes one when it is sent and gives it back when it is received; a permit holds one
 * that is yet to be filled. A sender or reserver that finds no slot free waits in turn, in one queue. A message goes straight to a
 * parked receiver if there is one, and its slot is free again at once.
 *
 *     entries: parked, oldest first ─▶ slots: buffered + reserved ≤ limit ─▶ receivers: parked, oldest first
 *
 * The channel *ends* when the receiver closes it or the last sender is disposed: no message can newly be asked to be sent. It is
 * *finished* when besides no permit is out, for that could still be filled.
 *
 * 1. Entries are parked only while no slot is free; receivers only while the buffer is empty.
 * 2. So if both are parked, every slot is reserved, and the channel is not finished.
 * 3. A finished channel has nobody parked but in front of a buffer; one closed by its receiver has no parked entries.
 * 4. A slot leaves the pool before the one it is for is woken, and that one is woken before its message moves on: a select that
 *    both sends and receives must have left the receivers by then.
 *
 * @module
 */
import { ClosedError, MAX_CAPACITY } from "../errors.ts";
import { Operation } from "../kernel/operation.ts";
import { Ring } from "../kernel/ring.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { Closed, type Closing, wakeAll } from "./closed.ts";
import { give, giveUpAll, type Inlet } from "./ends.ts";

/** What waits for a slot: a message to be sent, or a permit to be made. */
export abstract class Entry<R> extends Operation<R> {
  /** A slot of `core` was reserved for `waiter`, who is off its list: wakes it. */
  abstract admit(waiter: Waiter<R>, core: MpscCore<unknown>): void;
  /** There will be no slot any more: fails `waiter`. */
  abstract refuse(waiter: Waiter<R>): void;

  override unlink(waiter: Waiter<R>): void {
    waiter.list?.remove(waiter as Waiter);
  }
}

/** The core is its buffer: one object less to go through for each message. What few channels need is made when it is needed. */
export class MpscCore<T> extends Ring<T> implements Inlet<T>, Closing {
  readonly receivers = new WaitList();
  #entries: WaitList | undefined = undefined;
  #watchers: WaitList<void> | undefined = undefined;
  #closing: Closed | undefined = undefined;
  /** How many slots permits hold. */
  reserved = 0;
  /** How many senders have not been disposed. */
  senders = 0;
  /** The receiver takes no message that is not sent or reserved. */
  isClosed = false;
  #discards = false;

  readonly capacity: number;
  readonly #limit: number;
  readonly #name: string | undefined;

  constructor(capacity: number, name: string | undefined) {
    super();
    this.#name = name;
    this.capacity = capacity;
    // A small integer compares faster than Infinity, and no buffer grows past it.
    this.#limit = Math.min(capacity, MAX_CAPACITY);
  }

  get watchers(): WaitList<void> {
    this.#watchers ??= new WaitList();
    return this.#watchers;
  }

  get closing(): Operation<void> {
    this.#closing ??= new Closed(this);
    return this.#closing;
  }

  get hasRoom(): boolean {
    return this.length + this.reserved < this.#limit;
  }

  get available(): number {
    return this.capacity - this.length - this.reserved;
  }

  get hasEnded(): boolean {
    return this.isClosed || this.senders === 0;
  }

  get #isFinished(): boolean {
    return this.#discards || (this.reserved === 0 && this.hasEnded);
  }

  /** Sends a message for which there is room. */
  put(value: T): void {
    const receiver = this.receivers.shift();
    if (receiver !== undefined) give(receiver, value);
    else this.push(value);
  }

  take(): T | Pending {
    if (this.length === 0) {
      if (this.#isFinished) throw new ClosedError(this.describe());
      return PENDING;
    }
    const value = this.shift();
    if (this.#entries !== undefined) this.#serve();
    return value;
  }

  /** Sends `value` into a reserved slot. */
  fill(value: T): void {
    this.reserved--;
    if (!this.#discards) this.put(value);
    this.#settle();
  }

  /** Gives a reserved slot back. */
  release(): void {
    this.reserved--;
    this.#settle();
  }

  /** Called when a slot may have become free, or the channel finished. */
  #settle(): void {
    this.#serve();
    if (this.receivers.head !== undefined && this.#isFinished) {
      giveUpAll(this.receivers, new ClosedError(this.describe()));
    }
  }

  /** Parks an entry until there is a slot for it. */
  enter(waiter: Waiter): void {
    this.#entries ??= new WaitList();
    this.#entries.push(waiter);
  }

  #serve(): void {
    while (this.hasRoom) {
      const waiter = this.#entries?.shift();
      if (waiter === undefined) return;
      this.reserved++;
      (waiter.op as Entry<unknown>).admit(waiter, this as MpscCore<unknown>);
    }
  }

  /** Sends the message of an entry that was admitted, and woken. */
  putAdmitted(value: T): void {
    this.reserved--;
    this.put(value);
  }

  senderGone(): void {
    this.senders--;
    if (this.senders === 0) this.#settle();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (let waiter = this.#entries?.shift(); waiter !== undefined; waiter = this.#entries?.shift()) {
      (waiter.op as Entry<unknown>).refuse(waiter);
    }
    if (this.#watchers !== undefined) wakeAll(this.#watchers);
    this.#settle();
  }

  /** Closes, and drops what is buffered and what permits will yet send. */
  discard(): void {
    this.#discards = true;
    this.clear();
    this.close();
    // Closed before, with a permit still out, it may have kept a receive waiting.
    this.#settle();
  }

  describe(): string {
    const bounded = this.capacity !== Number.POSITIVE_INFINITY;
    const parts = [
      ...(bounded ? [this.capacity] : []),
      ...(this.#name === undefined ? [] : [JSON.stringify(this.#name)]),
    ];
    return `mpsc${bounded ? "" : ".unbounded"}(${parts.join(", ")})`;
  }
}
