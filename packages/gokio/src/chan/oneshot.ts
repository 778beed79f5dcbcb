/**
 * A channel for exactly one value: the answer to a request.
 *
 * # Algorithm
 *
 * Both ends look at one cell, whose state only moves forward:
 *
 *     EMPTY ──▶ FULL ──▶ DONE         FULL: sent, and not received yet
 *       └────────────────▲            straight to DONE: handed over, or one of the ends gave up
 *
 * 1. Receives are parked only while the cell is EMPTY; the step that leaves EMPTY settles them all.
 * 2. `isClosed` says that a value sent would reach nobody: the receiving end was closed, disposed, or served, or the sender gave up.
 *
 * @module
 */

import { ClosedError } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { wakeAll } from "../kernel/wake-all.ts";
import { type Closable, Closed, type Closing, closing } from "./closed.ts";
import { give, giveUpAll, type Inlet, Recv } from "./ends.ts";
import { forgettable } from "./forgettable.ts";
import { ReceivingEnd } from "./receiving-end.ts";

export interface OneshotOptions {
  /** Shown in dumps and errors. */
  readonly name?: string | undefined;
}

/**
 * Makes a channel for one value.
 *
 * @example
 * ```ts
 * const [tx, rx] = oneshot<string>();
 * spawn(async () => tx.send("done"));
 * console.log(await rx.recv()); // done
 * ```
 */
export function oneshot<T>(options: OneshotOptions = {}): [tx: OneshotSender<T>, rx: OneshotReceiver<T>] {
  const cell = new Cell<T>(options.name);
  return [new OneshotSender(cell), new OneshotReceiver(cell)];
}

/**
 * The end that sends; disposing it unused says that no value will come.
 *
 * @example
 * ```ts
 * const [tx, rx] = oneshot<number>();
 * console.log(tx.send(1), tx.send(2)); // true false
 * console.log(rx.tryRecv()); // { done: false, value: 1 }
 * ```
 */
export class OneshotSender<in T> implements Closable, Disposable {
  readonly #cell: Outlet<T>;

  /** @internal */
  constructor(cell: Outlet<T>) {
    this.#cell = cell;
    forgettable.made?.(this, cell);
  }

  /** @internal */
  get [closing](): Operation<void> {
    return new Closed(this.#cell);
  }

  /** Never waits. `false`, and the value stays the caller's, if one was sent before, or one of the ends is closed. */
  send(value: T): boolean {
    return this.#cell.put(value);
  }

  /**
   * Waits until sending is of no use: the receiver is closed or disposed, or has received, or this end was disposed unused.
   *
   * Cancel-safe: waiting takes nothing.
   */
  closed(options?: WaitOptions): Promise<void> {
    return start(this[closing], options);
  }

  /** Whether the receiver is closed or disposed, or has received, or this end was disposed unused. */
  get isClosed(): boolean {
    return this.#cell.isClosed;
  }

  /** Gives up sending: a receiver that waits gets a `ClosedError`. A value already sent can still be received. */
  [dispose](): void {
    this.#cell.hangUp();
  }
}

/**
 * The end that receives. Of several calls that wait for the value, the first gets it; the others are told that none will come.
 *
 * @example
 * ```ts
 * const [tx, rx] = oneshot<number>();
 * tx[Symbol.dispose]();
 * const error = await rx.recv().catch((error) => error);
 * console.log(error.message); // oneshot is closed
 * console.log(await rx.next()); // { done: true, value: undefined }
 * ```
 */
export class OneshotReceiver<T> extends ReceivingEnd<T> implements Disposable {
  readonly #cell: Cell<T>;

  /** @internal */
  constructor(cell: Cell<T>) {
    super(new Recv(cell));
    this.#cell = cell;
  }

  /** Whether nothing will come that is not there yet: the value was sent, the sender is disposed, or this end is closed or disposed. */
  get isClosed(): boolean {
    return this.#cell.hasEnded;
  }

  /** Takes no value that is not sent yet. One that is can still be received. */
  close(): void {
    this.#cell.close();
  }

  /** Closes, and drops a value that was not received. */
  [dispose](): void {
    this.#cell.discard();
  }
}

const EMPTY = 0;
const FULL = 1;
const DONE = 2;

/** The cell, as the sender sees it. */
interface Outlet<in T> extends Closing {
  put(value: T): boolean;
  hangUp(): void;
}

class Cell<T> implements Inlet<T>, Outlet<T> {
  readonly receivers = new WaitList();
  readonly watchers = new WaitList<void>();
  readonly #name: string | undefined;
  isClosed = false;
  #state: typeof EMPTY | typeof FULL | typeof DONE = EMPTY;
  #value: T | undefined = undefined;

  constructor(name: string | undefined) {
    this.#name = name;
  }

  get hasEnded(): boolean {
    return this.#state !== EMPTY;
  }

  put(value: T): boolean {
    if (this.#state !== EMPTY) return false;
    const receiver = this.receivers.shift();
    if (receiver === undefined) {
      this.#state = FULL;
      this.#value = value;
      return true;
    }
    this.#state = DONE;
    give(receiver, value);
    this.#end();
    return true;
  }

  take(): T | Pending {
    if (this.#state === EMPTY) return PENDING;
    if (this.#state === DONE) throw new ClosedError(this.label);
    const value = this.#value as T;
    this.discard();
    return value;
  }

  /** The sender gives up. */
  hangUp(): void {
    if (this.#state === EMPTY) this.discard();
  }

  /** The receiver takes nothing more but what was sent. */
  close(): void {
    if (this.#state === FULL) this.#end();
    else this.discard();
  }

  discard(): void {
    this.#state = DONE;
    this.#value = undefined;
    this.#end();
  }

  #end(): void {
    this.isClosed = true;
    if (this.receivers.head !== undefined) giveUpAll(this.receivers, new ClosedError(this.label));
    wakeAll(this.watchers, undefined);
  }

  get label(): string {
    return this.#name === undefined ? "oneshot" : `oneshot(${JSON.stringify(this.#name)})`;
  }
}
