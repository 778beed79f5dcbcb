/**
 * The latest value, for everyone: configuration, progress, state. Receivers see the newest value, and may miss those between.
 *
 * How it works is told in `watch-state.ts`.
 *
 * @module
 */

import { MisuseError } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { type Closable, Closed, closing } from "./closed.ts";
import { forgettable } from "./forgettable.ts";
import { WatchReceiver } from "./watch-receiver.ts";
import { WatchState } from "./watch-state.ts";

export interface WatchOptions {
  /** Shown in dumps and errors. */
  readonly name?: string | undefined;
}

/**
 * Makes a watch that holds `initial`, which counts as seen.
 *
 * @example
 * ```ts
 * const [tx, rx] = watch("starting");
 * tx.send("ready");
 * await rx.changed();
 * console.log(rx.value); // ready
 * ```
 */
export function watch<T>(initial: T, options: WatchOptions = {}): [tx: WatchSender<T>, rx: WatchReceiver<T>] {
  const state = new WatchState<T>(initial, options.name);
  return [new WatchSender(state), new WatchReceiver(state.look(state.version))];
}

/** What `sendModify` lets one change: put another value in, or change the one inside. */
export interface Modifiable<T> {
  /** The value that is watched. */
  value: T;
}

/**
 * The sending end. It may be cloned, for each task that sends; the last one disposed is the end.
 *
 * @example
 * ```ts
 * const [tx, rx] = watch(0);
 * for (const percent of [10, 50, 100]) tx.send(percent);
 * console.log(await rx.recv()); // 100
 * ```
 */
export class WatchSender<in out T> implements Closable, Disposable {
  readonly #state: WatchState<T>;
  #disposed = false;

  /** @internal */
  constructor(state: WatchState<T>) {
    this.#state = state;
    state.senders++;
    forgettable.made?.(this, state);
  }

  /** @internal */
  get [closing](): Operation<void> {
    return new Closed(this.#state);
  }

  /** The current value. */
  get value(): T {
    return this.#state.value;
  }

  /**
   * Makes `value` the current one, and wakes who waits for a change, even if it is the same as before. It is kept if there is no receiver, too.
   *
   * @throws {MisuseError} if the sender was disposed, or from inside a `modify`.
   */
  send(value: T): void {
    this.#sendable().set(value);
  }

  /**
   * Sends `value` as {@link send} does, and returns the one it replaces.
   *
   * @example
   * ```ts
   * const [tx, rx] = watch("red");
   * console.log(tx.sendReplace("green"), rx.value); // red green
   * ```
   *
   * @throws {MisuseError} if the sender was disposed, or from inside a `modify`.
   */
  sendReplace(value: T): T {
    const state = this.#sendable();
    const { value: old } = state;
    state.set(value);
    return old;
  }

  /**
   * Changes the value in place and sends it. If `modify` throws, or disposes the sender, nothing is sent.
   *
   * @example
   * ```ts
   * const [tx, rx] = watch({ done: 0 });
   * tx.sendModify((current) => current.value.done++);
   * console.log(rx.value, rx.hasChanged); // { done: 1 } true
   * ```
   *
   * @throws {MisuseError} if the sender was, or is meanwhile, disposed; from inside `modify`, if that itself sends.
   */
  sendModify(modify: (current: Modifiable<T>) => void): void {
    this.sendIfModified((current) => {
      modify(current);
      return true;
    });
  }

  /**
   * Changes the value in place, and sends it only if `modify` returns `true`; whether it did. If it returns `false` or throws, nobody is woken,
   * and a value put into `current` is forgotten.
   *
   * @example
   * ```ts
   * const [tx, rx] = watch(20);
   * const raise = (to: number) =>
   *   tx.sendIfModified((highest) => {
   *     if (to <= highest.value) return false;
   *     highest.value = to;
   *     return true;
   *   });
   * console.log(raise(10), raise(30), rx.value); // false true 30
   * ```
   *
   * @throws {MisuseError} if the sender was, or is meanwhile, disposed; from inside `modify`, if that itself sends.
   */
  sendIfModified(modify: (current: Modifiable<T>) => boolean): boolean {
    const state = this.#sendable();
    const current = { value: state.value };
    state.isModifying = true;
    try {
      if (modify(current) !== true) return false;
    } finally {
      state.isModifying = false;
    }
    // It may have disposed the sender: nothing comes after the end.
    this.#live().set(current.value);
    return true;
  }

  /**
   * Another sender of the same value, to be disposed by itself.
   *
   * @example
   * ```ts
   * const [tx, rx] = watch(0);
   * const other = tx.clone();
   * tx[Symbol.dispose]();
   * other.send(1);
   * console.log(rx.value, rx.isClosed); // 1 false
   * ```
   *
   * @throws {MisuseError} if the sender was disposed.
   */
  clone(): WatchSender<T> {
    return new WatchSender(this.#live());
  }

  /**
   * Another receiver, to be disposed by itself. The current value counts as seen.
   *
   * @throws {MisuseError} if the sender was disposed.
   */
  subscribe(): WatchReceiver<T> {
    const state = this.#live();
    return new WatchReceiver(state.look(state.version));
  }

  /**
   * Waits until every receiver is disposed. Another can be made after that.
   *
   * Cancel-safe: waiting takes nothing.
   */
  closed(options?: WaitOptions): Promise<void> {
    return start(this[closing], options);
  }

  /** Whether every receiver is disposed. */
  get isClosed(): boolean {
    return this.#state.isClosed;
  }

  /** How many receivers there are that have not been disposed. */
  get receiverCount(): number {
    return this.#state.views.size;
  }

  /** Whether `other` sends to the same receivers. */
  sameChannel(other: WatchSender<T>): boolean {
    return this.#state === other.#state;
  }

  /** Says that this sender is done. After the last one no other value will come. Receivers can still look at the last. */
  [dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#state.senderGone();
  }

  #live(): WatchState<T> {
    if (this.#disposed) throw new MisuseError(`the sender of ${this.#state.label} was disposed`);
    return this.#state;
  }

  #sendable(): WatchState<T> {
    const state = this.#live();
    if (state.isModifying) throw new MisuseError(`${state.label}: what modifies the value must not send another`);
    return state;
  }
}
