/**
 * What the sender and the receivers of a broadcast share: one ring of messages, and where each receiver is in it.
 *
 * # Algorithm
 *
 * Messages are numbered as they are sent. Each is stored once, with the number of receivers that have yet to see it; a receiver is
 * a position. Receiving counts one down, and the last to see a message releases it. A receiver that waits has seen everything, so the next
 * message is handed to it and not even stored for it.
 *
 *      released        stored: at most `capacity`      not sent yet
 *     ────────────┬───┬───┬───┬───┬───┬───┬───────────┬─────
 *                 │ 1 │ 0 │ 2 │ 1 │ 2 │ 2 │ receivers that have yet to see it
 *                 └─▲─┴───┴───┴─▲─┴───┴───┴─▲
 *                  head      a receiver    tail
 *
 * With `capacity` messages stored, sending overwrites the oldest. A receiver that was still to see it has lagged.
 *
 * 1. A message at `head` is yet to be seen by somebody, or `head` is `tail`. So a receiver whose position is before `head` has lagged, and
 *    the oldest message it can still get is the one at `head`.
 * 2. A receiver is parked only at `tail`. `parked` holds all that are; others that are on it leave it with the next message.
 * 3. A slot outside [head, tail), or seen by everybody, holds `undefined`.
 *
 * @module
 */
import { ClosedError, LaggedError } from "../errors.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { wakeAll } from "../kernel/wake-all.ts";
import type { Closing } from "./closed.ts";
import { give, giveUpAll, type Inlet } from "./ends.ts";

const FIRST = 8;
/** Storage for more messages than this is given back when all have been seen. */
const KEEP = 16_384;
/** The position of a receiver that was disposed: before every `head`. */
const GONE = -1;
/** The place on the list of the parked of one who is not there. */
const NOWHERE = -1;

export class BroadcastRing<T> implements Closing {
  readonly capacity: number;
  readonly #name: string;
  readonly cursors = new Set<Cursor<T>>();
  /** Who may be parked, so that a message for many need not ask each. */
  readonly #parked: (Cursor<T> | undefined)[] = [];
  // Not the array's own length: one that is cut gives its storage back, and would take it anew for every message.
  #parkedCount = 0;
  /** Who waits until there is no receiver. */
  readonly watchers = new WaitList<void>();
  head = 0;
  tail = 0;
  /** How many senders have not been disposed. */
  senders = 0;
  // Their length is a power of two, so that a number becomes an index by a mask.
  #values: (T | undefined)[] = [];
  #unseen: number[] = [];
  #mask = -1;

  constructor(capacity: number, name: string | undefined) {
    this.capacity = capacity;
    this.#name = name === undefined ? `broadcast(${capacity})` : `broadcast(${capacity}, ${JSON.stringify(name)})`;
  }

  /** Whether there is no receiver. One can still be made. */
  get isClosed(): boolean {
    return this.cursors.size === 0;
  }

  get hasEnded(): boolean {
    return this.senders === 0;
  }

  /** Sends `value`; how many receivers will see it. */
  send(value: T): number {
    const receivers = this.cursors.size;
    const unseen = receivers - this.#handOver(value);
    if (unseen !== 0) this.#store(value, unseen);
    // Everyone was parked, or there is nobody: all before it has been seen, too.
    else this.head++;
    this.tail++;
    return receivers;
  }

  /** Hands the message to all who are parked; their number. */
  #handOver(value: T): number {
    const parked = this.#parked;
    const count = this.#parkedCount;
    let kept = 0;
    let handed = 0;
    for (let i = 0; i < count; i++) {
      const cursor = parked[i] as Cursor<T>;
      const waiter = cursor.receivers.shift();
      cursor.place = NOWHERE;
      if (cursor.receivers.head !== undefined) {
        cursor.place = kept;
        parked[kept++] = cursor;
      }
      if (waiter === undefined) continue;
      cursor.position++;
      handed++;
      give(waiter, value);
    }
    for (let i = kept; i < count; i++) parked[i] = undefined;
    this.#parkedCount = kept;
    return handed;
  }

  park(cursor: Cursor<T>): void {
    if (cursor.place !== NOWHERE) return;
    cursor.place = this.#parkedCount;
    this.#parked[this.#parkedCount++] = cursor;
  }

  #unpark({ place }: Cursor<T>): void {
    if (place === NOWHERE) return;
    const end = --this.#parkedCount;
    const last = this.#parked[end] as Cursor<T>;
    last.place = place;
    this.#parked[place] = last;
    this.#parked[end] = undefined;
  }

  #store(value: T, unseen: number): void {
    const number = this.tail;
    if (number - this.head === this.capacity) this.#release(this.head);
    if (number - this.head > this.#mask) this.#grow();
    this.#values[number & this.#mask] = value;
    this.#unseen[number & this.#mask] = unseen;
  }

  /** The value of a message that one receiver has now seen. */
  see(number: number): T {
    const slot = number & this.#mask;
    const value = this.#values[slot] as T;
    const unseen = (this.#unseen[slot] as number) - 1;
    if (unseen === 0) this.#release(number);
    else this.#unseen[slot] = unseen;
    return value;
  }

  #release(number: number): void {
    const slot = number & this.#mask;
    this.#values[slot] = undefined;
    this.#unseen[slot] = 0;
    if (number === this.head) this.#advance();
  }

  /** Moves `head` to the oldest message that somebody has yet to see. */
  #advance(): void {
    let head = this.head + 1;
    while (head !== this.tail && this.#unseen[head & this.#mask] === 0) head++;
    this.head = head;
    if (head === this.tail && this.#mask >= KEEP) this.#resize(0);
  }

  #grow(): void {
    this.#resize(Math.max(FIRST, (this.#mask + 1) * 2));
  }

  #resize(size: number): void {
    const values: (T | undefined)[] = [];
    const unseen: number[] = [];
    for (let i = 0; i < size; i++) {
      values.push(undefined);
      unseen.push(0);
    }
    for (let n = this.head; n < this.tail; n++) {
      values[n & (size - 1)] = this.#values[n & this.#mask];
      unseen[n & (size - 1)] = this.#unseen[n & this.#mask] as number;
    }
    this.#values = values;
    this.#unseen = unseen;
    this.#mask = size - 1;
  }

  subscribe(): Cursor<T> {
    const cursor = new Cursor(this);
    this.cursors.add(cursor);
    return cursor;
  }

  unsubscribe(cursor: Cursor<T>): void {
    this.cursors.delete(cursor);
    this.#unpark(cursor);
    if (this.isClosed) wakeAll(this.watchers, undefined);
  }

  senderGone(): void {
    this.senders--;
    if (!this.hasEnded) return;
    const error = new ClosedError(this.#name);
    for (let i = 0; i < this.#parkedCount; i++) giveUpAll((this.#parked[i] as Cursor<T>).receivers, error);
  }

  get label(): string {
    return this.#name;
  }
}

/** Where one receiver is: the number of the message it gets next. */
export class Cursor<T> implements Inlet<T> {
  readonly receivers = new WaitList();
  readonly ring: BroadcastRing<T>;
  position: number;
  /** Where it is on the list of those who may be parked. */
  place = NOWHERE;

  constructor(ring: BroadcastRing<T>) {
    this.ring = ring;
    this.position = ring.tail;
  }

  take(): T | Pending {
    const { ring, position } = this;
    if (position === ring.tail) {
      if (ring.hasEnded) throw new ClosedError(ring.label);
      ring.park(this);
      return PENDING;
    }
    if (position < ring.head) throw this.#behind();
    this.position = position + 1;
    return ring.see(position);
  }

  #behind(): Error {
    if (this.position === GONE) return new ClosedError(this.label);
    const missed = this.ring.head - this.position;
    this.position = this.ring.head;
    return new LaggedError(missed);
  }

  get isGone(): boolean {
    return this.position === GONE;
  }

  leave(): void {
    if (this.position === GONE) return;
    const { ring } = this;
    for (let n = Math.max(this.position, ring.head); n < ring.tail; n++) ring.see(n);
    this.position = GONE;
    ring.unsubscribe(this);
    giveUpAll(this.receivers, new ClosedError(this.label));
  }

  get label(): string {
    return this.isGone ? `the receiver of ${this.ring.label}` : this.ring.label;
  }
}
