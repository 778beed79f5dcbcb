/**
 * The two ends of every channel, and the operations on them: `send`, `recv` and `next`.
 *
 * A channel says how to take a value now and whom to link; that receiving may be boxed, and what a close means for whom, is
 * the same for all of them and is here.
 *
 * @module
 */
import { ClosedError, wrongType } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { Operation } from "../kernel/operation.ts";
import { nexting } from "../kernel/pull.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";

export const sending: unique symbol = Symbol("gokio.sending");
export const receiving: unique symbol = Symbol("gokio.receiving");
export { nexting };

/** What values can be sent to: a channel, or the sending end of one. */
export interface Sink<in T> {
  /** @internal A function, not a method, for the compiler lets methods take less than they say. */
  readonly [sending]: (value: T) => Operation<void>;
}

/** What values can be received from: a channel, or the receiving end of one. */
export interface Source<T> {
  /** @internal */
  readonly [receiving]: Operation<T>;
  /** @internal */
  readonly [nexting]: Operation<IteratorResult<T, undefined>>;
}

/**
 * Sends `value`, as an operation: it waits while there is no room.
 *
 * Cancel-safe: a cancelled send has not sent, and the value is the caller's.
 *
 * @example
 * ```ts
 * const ch = chan<string>();
 * spawn(function* () {
 *   yield* send(ch, "hello");
 * });
 * console.log(await ch.recv()); // hello
 * ```
 *
 * @throws {SendError} with the value, once the other end is closed.
 */
export function send<T>(to: Sink<T>, value: NoInfer<T>, options?: WaitOptions): Operation<void> {
  if (typeof to?.[sending] !== "function") throw wrongType("to", "something to send to", to);
  const op = to[sending](value);
  return options === undefined ? op : withOptions(op, options);
}

/**
 * Receives a value, as an operation: it waits until there is one.
 *
 * Cancel-safe: a cancelled receive has taken nothing.
 *
 * @example
 * ```ts
 * const ch = chan<number>(2);
 * const sum = spawn(function* () {
 *   return (yield* recv(ch)) + (yield* recv(ch));
 * });
 * await ch.send(1);
 * await ch.send(2);
 * console.log(await sum); // 3
 * ```
 *
 * @throws {ClosedError} once the channel is closed and drained.
 */
export function recv<T>(from: Source<T>, options?: WaitOptions): Operation<T> {
  const op = from?.[receiving];
  if (op === undefined) throw wrongType("from", "something to receive from", from);
  return options === undefined ? op : withOptions(op, options);
}

/**
 * Receives a value as `{ done: false, value }`, or `{ done: true }` once the channel is closed and drained.
 *
 * Cancel-safe: a cancelled call has taken nothing.
 *
 * @example
 * ```ts
 * const ch = chan<string>(1);
 * await ch.send("the last");
 * ch.close();
 * console.log(await next(ch)); // { done: false, value: 'the last' }
 * console.log(await next(ch)); // { done: true, value: undefined }
 * ```
 */
export function next<T>(from: Source<T>, options?: WaitOptions): Operation<IteratorResult<T, undefined>> {
  const op = from?.[nexting];
  if (op === undefined) throw wrongType("from", "something to receive from", from);
  return options === undefined ? op : withOptions(op, options);
}

/** The receiving side of a channel, as its operations see it. */
export interface Inlet<T> {
  readonly receivers: WaitList;
  /** Takes a value now; {@link PENDING} if there is none yet. @throws what a receiver gets once there never will be. */
  take(): T | Pending;
  readonly label: string;
}

/** The boxed end, one for all. */
export const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

export abstract class Receive<T, R> extends Operation<R> {
  readonly inlet: Inlet<T>;

  constructor(inlet: Inlet<T>) {
    super();
    this.inlet = inlet;
  }

  /** An empty slot says that the receiver is given the bare value. */
  override link(waiter: Waiter<R>): void {
    this.inlet.receivers.push(waiter as Waiter);
  }

  override unlink(waiter: Waiter<R>): void {
    this.inlet.receivers.remove(waiter as Waiter);
  }
}

/** Receives values in another form. The slot of a linked receiver says which: its `op` may be one that delegates to this. */
export abstract class ReceiveAs<T, R> extends Receive<T, R> {
  override link(waiter: Waiter<R>): void {
    waiter.slot = this;
    super.link(waiter);
  }

  /** Wakes `waiter` with `value`, in the form this operation gives it. */
  abstract give(waiter: Waiter<R>, value: T): void;
  /** Ends the wait of `waiter`: nothing more will come, for the reason `error`. */
  abstract giveUp(waiter: Waiter<R>, error: unknown): void;
}

/** An operation that receives bare values; the end is an error. */
export interface Receiving<T> extends Operation<T> {
  readonly inlet: Inlet<T>;
}

/** The one of most channels. */
export class Recv<T> extends Receive<T, T> implements Receiving<T> {
  override try(): T | Pending {
    return this.inlet.take();
  }

  override describe(): string {
    return `recv on ${this.inlet.label}`;
  }
}

/** Receives values in boxes; the end is a value. */
export class Next<T> extends ReceiveAs<T, IteratorResult<T, undefined>> {
  override try(): IteratorResult<T, undefined> | Pending {
    try {
      const value = this.inlet.take();
      return value === PENDING ? PENDING : { done: false, value };
    } catch (error) {
      if (error instanceof ClosedError) return END;
      throw error;
    }
  }

  override give(waiter: Waiter<IteratorResult<T, undefined>>, value: T): void {
    waiter.wake({ done: false, value });
  }

  override giveUp(waiter: Waiter<IteratorResult<T, undefined>>, error: unknown): void {
    if (error instanceof ClosedError) waiter.wake(END);
    else waiter.fail(error);
  }

  override describe(): string {
    return `next on ${this.inlet.label}`;
  }
}

/** Hands `value` to a receiver that was taken off its list. */
export function give<T>(waiter: Waiter, value: T): void {
  if (waiter.slot === undefined) waiter.wake(value);
  else (waiter.slot as ReceiveAs<T, unknown>).give(waiter, value);
}

/** Ends the wait of every receiver: nothing more will come. */
export function giveUpAll(receivers: WaitList, error: ClosedError): void {
  for (let waiter = receivers.shift(); waiter !== undefined; waiter = receivers.shift()) giveUp(waiter, error);
}

/** Ends the wait of one receiver, which was taken off its list. */
export function giveUp(waiter: Waiter, error: ClosedError): void {
  if (waiter.slot === undefined) waiter.fail(error);
  else (waiter.slot as ReceiveAs<unknown, unknown>).giveUp(waiter, error);
}
