/**
 * The latest value, for everyone: configuration, progress, state. Receivers see the newest value, and may miss those between.
 *
 * How it works is told in `watch-state.ts`.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
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
  value: T;
}

/**
 * The sending end.
 *
 * @example
 * ```ts
 * const [tx, rx] = watch(0);
 * for (const percent of [10, 50, 100]) tx.send(percent);
 * console.log(await rx.recv()); // 100
 * ```
 */
export class WatchSender<T> implements Closable, Disposable {
  readonly #state: WatchState<T>;
  #modifying = false;

  /** @internal */
  constructor(state: WatchState<T>) {
    this.#state = state;
    forgettable.made?.(this, state);
  }

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
   * @throws {MisuseError} if the sender was disposed.
   */
  send(value: T): void {
    this.#live().set(value);
  }

  /**
   * Changes the value in place and sends it. If `modify` throws, nothing is sent.
   *
   * @example
   * ```ts
   * const [tx, rx] = watch({ done: 0 });
   * tx.sendModify((current) => current.value.done++);
   * console.log(rx.value, rx.hasChanged); // { done: 1 } true
   * ```
   *
   * @throws {MisuseError} if the sender was disposed, or `modify` itself sends.
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
   * @throws {MisuseError} if the sender was disposed, or `modify` itself sends.
   */
  sendIfModified(modify: (current: Modifiable<T>) => boolean): boolean {
    const state = this.#live();
    const current = { value: state.value };
    this.#modifying = true;
    try {
      if (modify(current) !== true) return false;
    } finally {
      this.#modifying = false;
    }
    state.set(current.value);
    return true;
  }

  /**
   * Another receiver. The current value counts as seen.
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

  /** Says that no other value will come. Receivers can still look at the last. */
  [Symbol.dispose](): void {
    this.#state.end();
  }

  #live(): WatchState<T> {
    if (this.#state.hasEnded) throw new MisuseError(`the sender of ${this.#state.describe()} was disposed`);
    if (this.#modifying)
      throw new MisuseError(`${this.#state.describe()}: what modifies the value must not send another`);
    return this.#state;
  }
}
