/**
 * The sending ends of an mpsc channel.
 *
 * A sender is a handle of its own: cloned to be given to another task, disposed when that one is through. The last disposed ends the
 * channel. What was begun before, a send that waits or a permit, is still completed.
 *
 * @module
 */

import { MisuseError } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING } from "../kernel/step.ts";
import { type Closable, closing } from "./closed.ts";
import { type Sink, sending } from "./ends.ts";
import { forgettable } from "./forgettable.ts";
import type { Outlet } from "./mpsc-core.ts";
import { type Reservable, reserving, reservingMany, type SendPermit } from "./permit.ts";
import { checkSlots, hold, holdMany, offer, Reserve, ReserveMany, Send } from "./slot-requests.ts";

/**
 * One of any number of sending ends of an mpsc channel. Each user clones one, and disposes it when done.
 *
 * @example
 * ```ts
 * const [tx, rx] = mpsc<string>(4);
 * const other = tx.clone();
 * await tx.send("a");
 * tx[Symbol.dispose]();
 * await other.send("b");
 * other[Symbol.dispose]();
 * for await (const text of rx) console.log(text);
 * // a
 * // b
 * ```
 */
export class Sender<in T> implements Sink<T>, Reservable<T>, Closable, Disposable {
  readonly #core: Outlet<T>;
  #disposed = false;

  /** @internal */
  constructor(core: Outlet<T>) {
    this.#core = core;
    core.senders++;
    forgettable.made?.(this, core);
  }

  /** @internal The channel, for an operation made by this sender. */
  live(): Outlet<T> {
    if (this.#disposed)
      throw new MisuseError(`this sender of ${this.#core.label} was disposed: clone it for each user`);
    return this.#core;
  }

  /** @internal */
  [sending](value: T): Operation<void> {
    this.live();
    return new Send(this, value);
  }

  /** @internal */
  [reserving](): Operation<SendPermit<T>> {
    this.live();
    return new Reserve(this);
  }

  /** @internal */
  [reservingMany](count: number): Operation<SendPermit<T>[]> {
    checkSlots(this.live(), count);
    return new ReserveMany(this, this.#core, count);
  }

  /** @internal */
  get [closing](): Operation<void> {
    return this.#core.closing;
  }

  /**
   * Sends `value`, waiting while every slot is taken.
   *
   * Cancel-safe: a cancelled send has not sent, and has given up its place in the queue.
   *
   * @throws {SendError} with the value, if the receiver is closed, or is closed meanwhile.
   * @throws {MisuseError} at the call, if this sender was disposed.
   */
  send(value: T, options?: WaitOptions): Promise<void> {
    return start(this[sending](value), options);
  }

  /**
   * Sends now, or not at all: `false` if that would have to wait.
   *
   * @throws {SendError} with the value, if the receiver is closed.
   * @throws {MisuseError} if this sender was disposed.
   */
  trySend(value: T): boolean {
    return offer(this.live(), value);
  }

  /**
   * Waits for a free slot and holds it, so that a message can be sent later without waiting.
   *
   * Cancel-safe: a cancelled call holds nothing, and has given up its place in the queue.
   *
   * @example
   * ```ts
   * const [tx, rx] = mpsc<string>(1);
   * const permit = await tx.reserve();
   * console.log(tx.trySend("too late")); // false
   * permit.send("for sure");
   * console.log(await rx.recv()); // for sure
   * ```
   *
   * @throws {ClosedError} if the receiver is closed, or is closed meanwhile.
   * @throws {MisuseError} at the call, if this sender was disposed.
   */
  reserve(options?: WaitOptions): Promise<SendPermit<T>> {
    return start(this[reserving](), options);
  }

  /**
   * Reserves now, or not at all: `undefined` if that would have to wait.
   *
   * @throws {ClosedError} if the receiver is closed.
   * @throws {MisuseError} if this sender was disposed.
   */
  tryReserve(): SendPermit<T> | undefined {
    const permit = hold(this.live());
    return permit === PENDING ? undefined : permit;
  }

  /**
   * Waits for `count` free slots and holds them all, a permit for each. Those who come later wait behind, even for a single slot.
   *
   * Cancel-safe: a cancelled call holds nothing, and has given up its place in the queue.
   *
   * @example
   * ```ts
   * const [tx, rx] = mpsc<string>(4);
   * const permits = await tx.reserveMany(3);
   * console.log(tx.available); // 1
   * for (const permit of permits) permit.send("one of three");
   * console.log(rx.length); // 3
   * ```
   *
   * @throws {ClosedError} if the receiver is closed, or is closed meanwhile.
   * @throws {MisuseError} at the call, if this sender was disposed.
   * @throws {RangeError} at the call, unless `count` is a whole number from 0 to the capacity.
   */
  reserveMany(count: number, options?: WaitOptions): Promise<SendPermit<T>[]> {
    return start(this[reservingMany](count), options);
  }

  /**
   * Reserves `count` slots now, or none at all: `undefined` if that would have to wait.
   *
   * @throws {ClosedError} if the receiver is closed.
   * @throws {MisuseError} if this sender was disposed.
   * @throws {RangeError} unless `count` is a whole number from 0 to the capacity.
   */
  tryReserveMany(count: number): SendPermit<T>[] | undefined {
    const core = this.live();
    checkSlots(core, count);
    const permits = holdMany(core, count);
    return permits === PENDING ? undefined : permits;
  }

  /**
   * Another sender of the same channel, to be disposed by itself.
   *
   * @throws {MisuseError} if this sender was disposed.
   */
  clone(): Sender<T> {
    return new Sender(this.live());
  }

  /**
   * A handle that does not keep the channel open.
   *
   * @throws {MisuseError} if this sender was disposed.
   */
  downgrade(): WeakSender<T> {
    return new WeakSender(this.live());
  }

  /**
   * Waits until the receiver is closed or disposed.
   *
   * Cancel-safe: waiting takes nothing.
   */
  closed(options?: WaitOptions): Promise<void> {
    return start(this.#core.closing, options);
  }

  /** Whether the receiver is closed or disposed, so that sending fails. */
  get isClosed(): boolean {
    return this.#core.isClosed;
  }

  /** How many slots the channel has; `Infinity` if it is unbounded. */
  get capacity(): number {
    return this.#core.capacity;
  }

  /** How many slots are free; `Infinity` if the channel is unbounded. */
  get available(): number {
    return this.#core.available;
  }

  /** Whether `other` sends to the same receiver. */
  sameChannel(other: Sender<T>): boolean {
    return this.#core === other.#core;
  }

  /** Says that this sender is done. The last one ends the channel: the receiver gets what has been sent, and then the end. */
  [dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#core.senderGone();
  }

  /** @internal */
  get label(): string {
    return this.#core.label;
  }
}

/**
 * A sender that does not keep its channel open; made by {@link Sender.downgrade}. It needs no disposing.
 *
 * @example
 * ```ts
 * const [tx, rx] = mpsc<string>(1);
 * const weak = tx.downgrade();
 * tx[Symbol.dispose]();
 * console.log(weak.upgrade(), rx.isClosed); // undefined true
 * ```
 */
export class WeakSender<in T> {
  readonly #core: Outlet<T>;

  /** @internal */
  constructor(core: Outlet<T>) {
    this.#core = core;
  }

  /** A sender, to be disposed as any other; `undefined` once all have been. */
  upgrade(): Sender<T> | undefined {
    return this.#core.senders === 0 ? undefined : new Sender(this.#core);
  }
}
