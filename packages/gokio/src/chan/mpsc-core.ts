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
 * Whoever wants several slots waits until there are so many; those behind wait too, even where there is one for them.
 *
 * The channel *ends* when the receiver closes it or the last sender is disposed: no message can newly be asked to be sent. It is
 * *finished* when besides no permit is out, for that could still be filled.
 *
 * 1. Entries are parked only while the first finds too few slots free; receivers only while the buffer is empty.
 * 2. So if both are parked, a slot is reserved, and the channel is not finished.
 * 3. A finished channel has nobody parked but in front of a buffer; one closed by its receiver has no parked entries.
 * 4. A slot leaves the pool before the one it is for is woken, and that one is woken before its message moves on: a select that
 *    both sends and receives must have left the receivers by then.
 * 5. The slot of a parked entry's waiter is the entry: its `op` may be one that delegates to it.
 *
 * @module
 */
import { ClosedError, MAX_CAPACITY } from "../errors.ts";
import { Operation } from "../kernel/operation.ts";
import { Ring } from "../kernel/ring.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { wakeAll } from "../kernel/wake-all.ts";
import { Closed, type Closing } from "./closed.ts";
import { give, giveUpAll, type Inlet, type Receiving } from "./ends.ts";

/** What waits for slots: a message to be sent, or permits to be made. */
export abstract class Entry<R> extends Operation<R> {
  /** How many slots it waits for. */
  get slots(): number {
    return 1;
  }

  /** The slots were reserved in `core` for `waiter`, who is off its list: wakes it. */
  abstract admit(waiter: Waiter<R>, core: MpscCore<unknown>): void;
  /** There will be no slot any more: fails `waiter`. */
  abstract refuse(waiter: Waiter<R>): void;

  override unlink(waiter: Waiter<R>): void {
    waiter.list?.remove(waiter as Waiter);
  }
}

/** The channel, as those see it who send. */
export interface Outlet<in T> {
  senders: number;
  reserved: number;
  readonly isClosed: boolean;
  readonly capacity: number;
  readonly available: number;
  readonly closing: Operation<void>;
  readonly hasRoom: boolean;
  hasRoomFor(slots: number): boolean;
  put(value: T): void;
  fill(value: T): void;
  release(): void;
  enter<R>(waiter: Waiter<R>, entry: Entry<R>): void;
  serve(): void;
  senderGone(): void;
  readonly label: string;
}

// Borrowed: a class has one class that it extends.
const { push, shift, remove } = WaitList.prototype;

/**
 * The core is the list of its receivers, and the operation by which they receive. A program with many mailboxes pays for memory that it has to fetch, not for
 * instructions: so what a send to a parked receiver looks at lies together, first, and what few channels need is made when it is needed, the buffer too.
 */
export class MpscCore<T> extends Operation<T> implements WaitList, Inlet<T>, Receiving<T>, Outlet<T>, Closing {
  head: Waiter | undefined = undefined;
  tail: Waiter | undefined = undefined;
  size = 0;
  /** How many messages are buffered. */
  length = 0;
  /** How many slots permits hold. */
  reserved = 0;
  #limit = 0;
  #entries: WaitList | undefined = undefined;
  /** The receiver takes no message that is not sent or reserved. */
  isClosed = false;
  /** How many senders have not been disposed. */
  senders = 0;
  #discards = false;
  #buffer: Ring<T> | undefined = undefined;
  #watchers: WaitList<void> | undefined = undefined;
  #closing: Closed | undefined = undefined;
  readonly capacity: number;
  readonly #name: string | undefined;

  constructor(capacity: number, name: string | undefined) {
    super();
    this.#name = name;
    this.capacity = capacity;
    // A small integer compares faster than Infinity, and no buffer grows past it.
    this.#limit = Math.min(capacity, MAX_CAPACITY);
  }

  // ── the list of receivers ──

  get receivers(): WaitList {
    return this;
  }

  push(waiter: Waiter): void {
    push.call(this, waiter);
  }

  shift(): Waiter | undefined {
    return shift.call(this);
  }

  remove(waiter: Waiter): void {
    remove.call(this, waiter);
  }

  // ── the operation of a receive ──

  get inlet(): this {
    return this;
  }

  override try(): T | Pending {
    return this.take();
  }

  override link(waiter: Waiter<T>): void {
    this.push(waiter as Waiter);
  }

  override unlink(waiter: Waiter<T>): void {
    this.remove(waiter as Waiter);
  }

  override describe(): string {
    return `recv on ${this.label}`;
  }

  // ── the channel ──

  get watchers(): WaitList<void> {
    this.#watchers ??= new WaitList();
    return this.#watchers;
  }

  get closing(): Operation<void> {
    this.#closing ??= new Closed(this);
    return this.#closing;
  }

  /** Whether there is a slot for one who comes now. */
  get hasRoom(): boolean {
    return this.length + this.reserved < this.#limit && !this.hasParked;
  }

  /** The same, for one who wants several. */
  hasRoomFor(slots: number): boolean {
    return this.length + this.reserved + slots <= this.#limit && !this.hasParked;
  }

  /** Whether somebody waits for slots. */
  get hasParked(): boolean {
    return this.#entries !== undefined && this.#entries.head !== undefined;
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
    const receiver = this.shift();
    if (receiver !== undefined) {
      give(receiver, value);
      return;
    }
    this.#buffer ??= new Ring();
    this.#buffer.push(value);
    this.length++;
  }

  take(): T | Pending {
    if (this.length === 0) {
      if (this.#isFinished) throw new ClosedError(this.label);
      return PENDING;
    }
    const value = (this.#buffer as Ring<T>).shift();
    this.length--;
    if (this.#entries !== undefined) this.serve();
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
    this.serve();
    if (this.head !== undefined && this.#isFinished) {
      giveUpAll(this, new ClosedError(this.label));
    }
  }

  /** Parks an entry until there are slots for it. */
  enter<R>(waiter: Waiter<R>, entry: Entry<R>): void {
    this.#entries ??= new WaitList();
    waiter.slot = entry;
    this.#entries.push(waiter as Waiter);
  }

  /** Admits entries, in order, as long as there are slots for them. */
  serve(): void {
    const entries = this.#entries;
    if (entries === undefined) return;
    for (let waiter = entries.head; waiter !== undefined; waiter = entries.head) {
      const entry = waiter.slot as Entry<unknown>;
      const reserved = this.reserved + entry.slots;
      if (this.length + reserved > this.#limit) return;
      entries.shift();
      this.reserved = reserved;
      entry.admit(waiter, this as MpscCore<unknown>);
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
    if (!this.isClosed) {
      this.isClosed = true;
      for (let waiter = this.#entries?.shift(); waiter !== undefined; waiter = this.#entries?.shift()) {
        (waiter.slot as Entry<unknown>).refuse(waiter);
      }
      if (this.#watchers !== undefined) wakeAll(this.#watchers, undefined);
    }
    this.#settle();
  }

  /** Closes, and drops what is buffered and what permits will yet send. */
  discard(): void {
    this.#discards = true;
    this.#buffer?.clear();
    this.length = 0;
    this.close();
  }

  get label(): string {
    const bounded = this.capacity !== Number.POSITIVE_INFINITY;
    const parts = [
      ...(bounded ? [this.capacity] : []),
      ...(this.#name === undefined ? [] : [JSON.stringify(this.#name)]),
    ];
    return `mpsc${bounded ? "" : ".unbounded"}(${parts.join(", ")})`;
  }
}
