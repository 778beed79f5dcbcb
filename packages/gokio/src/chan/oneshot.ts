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
 * 2. `isClosed` says that the receiving end is of no more use: closed, disposed, or served.
 *
 * @module
 */
import { ClosedError } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { type Closable, Closed, type Closing, closing, wakeAll } from "./closed.ts";
import { give, giveUpAll, type Inlet, Next, nexting, Recv, receiving, type Source } from "./ends.ts";
import { forgettable } from "./forgettable.ts";

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
export function oneshot<T>(): [tx: OneshotSender<T>, rx: OneshotReceiver<T>] {
  const cell = new Cell<T>();
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
export class OneshotSender<T> implements Closable, Disposable {
  readonly #cell: Cell<T>;

  /** @internal */
  constructor(cell: Cell<T>) {
    this.#cell = cell;
    forgettable.made?.(this, cell);
  }

  get [closing](): Operation<void> {
    return new Closed(this.#cell);
  }

  /** Never waits. `false`, and the value stays the caller's, if one was sent before, or one of the ends is closed. */
  send(value: T): boolean {
    return this.#cell.put(value);
  }

  /**
   * Waits until sending is of no use: the receiver is closed or disposed, or has received.
   *
   * Cancel-safe: waiting takes nothing.
   */
  closed(options?: WaitOptions): Promise<void> {
    return start(this[closing], options);
  }

  /** Whether the receiver is closed or disposed, or has received. */
  get isClosed(): boolean {
    return this.#cell.isClosed;
  }

  /** Gives up sending: a receiver that waits gets a `ClosedError`. A value already sent can still be received. */
  [Symbol.dispose](): void {
    this.#cell.hangUp();
  }
}

/**
 * The end that receives.
 *
 * @example
 * ```ts
 * const [tx, rx] = oneshot<number>();
 * tx[Symbol.dispose]();
 * const error = await rx.recv().catch((error) => error);
 * console.log(error.message); // oneshot is closed
 * ```
 */
export class OneshotReceiver<T> implements Source<T>, Disposable {
  readonly #cell: Cell<T>;
  readonly [receiving]: Operation<T>;

  /** @internal */
  constructor(cell: Cell<T>) {
    this.#cell = cell;
    this[receiving] = new Recv(cell);
  }

  get [nexting](): Operation<IteratorResult<T, undefined>> {
    return new Next(this.#cell);
  }

  /**
   * Receives the value, waiting for it. Of several calls the first gets it.
   *
   * Cancel-safe: a cancelled call leaves the value to the next one.
   *
   * @throws {ClosedError} if the sender was disposed without sending, this end was closed before, or the value was received before.
   */
  recv(options?: WaitOptions): Promise<Awaited<T>> {
    return start(this[receiving], options);
  }

  /** The value in a box, if it was sent; `{ done: true }` if none will ever come; `undefined` if {@link recv} would have to wait. */
  tryRecv(): IteratorResult<T, undefined> | undefined {
    const result = this[nexting].try();
    return result === PENDING ? undefined : result;
  }

  /** Takes no value that is not sent yet. One that is can still be received. */
  close(): void {
    this.#cell.close();
  }

  /** Closes, and drops a value that was not received. */
  [Symbol.dispose](): void {
    this.#cell.discard();
  }
}

const EMPTY = 0;
const FULL = 1;
const DONE = 2;

class Cell<T> implements Inlet<T>, Closing {
  readonly receivers = new WaitList();
  readonly watchers = new WaitList<void>();
  isClosed = false;
  #state: typeof EMPTY | typeof FULL | typeof DONE = EMPTY;
  #value: T | undefined = undefined;

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
    if (this.#state === DONE) throw new ClosedError(this.describe());
    const value = this.#value as T;
    this.discard();
    return value;
  }

  /** The sender gives up. */
  hangUp(): void {
    if (this.#state !== EMPTY) return;
    this.#state = DONE;
    giveUpAll(this.receivers, new ClosedError(this.describe()));
  }

  /** The receiver takes nothing more but what was sent. */
  close(): void {
    this.hangUp();
    this.#end();
  }

  discard(): void {
    this.#state = DONE;
    this.#value = undefined;
    this.#end();
  }

  #end(): void {
    this.isClosed = true;
    if (this.receivers.head !== undefined) giveUpAll(this.receivers, new ClosedError(this.describe()));
    wakeAll(this.watchers);
  }

  describe(): string {
    return "oneshot";
  }
}
