/**
 * The receiving ends of a watch.
 *
 * @module
 */

import { checkFunction, MisuseError, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { looping } from "../kernel/pull.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { Next, ReceiveAs, Recv } from "./ends.ts";
import { forgettable } from "./forgettable.ts";
import { ReceivingEnd } from "./receiving-end.ts";
import { type Viewer, viewing, WaitFor } from "./wait-for.ts";
import type { View } from "./watch-state.ts";

export const changing: unique symbol = Symbol("gokio.changing");

/** What can change: the receiver of a watch. */
export interface Changeable {
  /** @internal */
  readonly [changing]: Operation<void>;
}

/**
 * Waits for a value that was not seen yet, and marks it as seen, as an operation: what `WatchReceiver.changed` does.
 *
 * Cancel-safe: a cancelled call has marked nothing.
 *
 * @example
 * ```ts
 * const [tx, rx] = watch("red");
 * spawn(async () => tx.send("green"));
 * const won = await select({ light: changed(rx), late: sleep(1000) });
 * console.log(won.key, rx.value); // light green
 * ```
 *
 * @throws {ClosedError} once the sender is disposed and its last value is seen.
 */
export function changed(rx: Changeable, options?: WaitOptions): Operation<void> {
  const op = rx?.[changing];
  if (op === undefined) throw wrongType("rx", "the receiver of a watch", rx);
  return withOptions(op, options);
}

/**
 * Looks at the latest value, and waits for it to change. What was seen is remembered for each receiver by itself; if several waits are parked
 * on one, a new value wakes them all. A receive waits for a value that was not seen yet, and marks it as seen. Dispose each when it is done
 * with: until then it counts as one who looks.
 *
 * @example
 * ```ts
 * const [tx, rx] = watch("starting");
 * spawn(async () => {
 *   tx.send("ready");
 *   tx[Symbol.dispose]();
 * });
 * for await (const state of rx) console.log(state);
 * // starting
 * // ready
 * ```
 */
export class WatchReceiver<T> extends ReceivingEnd<T> implements Viewer<T>, Changeable, Disposable {
  readonly #view: View<T>;
  /** @internal */
  readonly [changing]: Operation<void>;

  /** @internal */
  constructor(view: View<T>) {
    super(new Recv(view));
    this.#view = view;
    this[changing] = new Changed(view);
    forgettable.made?.(this, view);
  }

  /** @internal */
  [viewing](predicate: (value: T) => boolean): Operation<T> {
    return new WaitFor(this.#view, predicate);
  }

  /** The current value. Looking does not mark it as seen; {@link see} does. */
  get value(): T {
    return this.#view.state.value;
  }

  /** The current value, which is marked as seen: `changed` waits for the next one. */
  see(): T {
    return this.#view.see();
  }

  /**
   * Takes the current value as not seen: the next receive gives it, or one that waits now. (For the other direction, {@link see} it.)
   *
   * @example
   * ```ts
   * const [, rx] = watch("here from the start");
   * rx.markChanged();
   * console.log(await rx.recv()); // here from the start
   * ```
   */
  markChanged(): void {
    this.#view.forget();
  }

  /** Whether the current value was not seen yet. */
  get hasChanged(): boolean {
    return this.#view.hasChanged;
  }

  /** Whether `other` looks at the same value. */
  sameChannel(other: WatchReceiver<T>): boolean {
    return this.#view.state === other.#view.state;
  }

  /** Whether every sender was disposed, so that the value will not change. */
  get isClosed(): boolean {
    return this.#view.state.hasEnded;
  }

  /**
   * Waits for a value that was not seen yet, and marks it as seen. By the time the caller goes on there may be a newer one: read it with
   * {@link see}, or use {@link recv}, which gives the value it waited for.
   *
   * Cancel-safe: a cancelled call has marked nothing.
   *
   * @throws {ClosedError} once the sender is disposed and its last value is seen, or this receiver is disposed.
   */
  changed(options?: WaitOptions): Promise<void> {
    return start(this[changing], options);
  }

  /**
   * Waits until `predicate` accepts the value, which is then the result, and seen. The current value is tried first, seen or not.
   * The predicate may be called at any time while the wait lasts, so it should only look.
   *
   * Cancel-safe: a cancelled call has marked nothing.
   *
   * @example
   * ```ts
   * const [tx, rx] = watch({ ready: false, port: 0 });
   * spawn(async () => tx.send({ ready: true, port: 8080 }));
   * const { port } = await rx.waitFor((server) => server.ready);
   * console.log(port); // 8080
   * ```
   *
   * @throws {ClosedError} once the sender is disposed and its last value is not accepted, or this receiver is disposed.
   * @throws whatever the predicate throws.
   */
  waitFor<S extends T>(predicate: (value: T) => value is S, options?: WaitOptions): Promise<Awaited<S>>;
  waitFor(predicate: (value: T) => boolean, options?: WaitOptions): Promise<Awaited<T>>;
  waitFor(predicate: (value: T) => boolean, options?: WaitOptions): Promise<Awaited<T>> {
    return start(this[viewing](checkFunction("predicate", predicate)), options);
  }

  /**
   * Another receiver, that has seen what this one has, to be disposed by itself.
   *
   * @throws {MisuseError} if this receiver was disposed.
   */
  clone(): WatchReceiver<T> {
    const { state, seen, isGone } = this.#view;
    if (isGone) throw new MisuseError(`this receiver of ${state.label} was disposed`);
    return new WatchReceiver(state.look(seen));
  }

  /** @internal */
  [looping](): Operation<IteratorResult<T, undefined>> {
    return new NextOfLoop(this.#view);
  }

  /**
   * Gives the current value, seen or not, and then each that is new when it is asked for. Leaving the loop early closes nothing.
   *
   * Cancel-safe: as {@link changed}.
   */
  override [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    const next = this[looping]();
    return { ...super[Symbol.asyncIterator](), next: () => start(next) };
  }

  /** Looks no more: whoever waits here is told the end. */
  [dispose](): void {
    this.#view.leave();
  }
}

class Changed<T> extends ReceiveAs<T, void> {
  override try(): undefined | Pending {
    return this.inlet.take() === PENDING ? PENDING : undefined;
  }

  override give(waiter: Waiter<void>): void {
    waiter.wake();
  }

  override giveUp(waiter: Waiter<void>, error: unknown): void {
    waiter.fail(error);
  }

  override describe(): string {
    return `changed on ${this.inlet.label}`;
  }
}

/** What one loop takes: first the current value, whether or not it was seen. */
class NextOfLoop<T> extends Next<T> {
  readonly #view: View<T>;
  #hasBegun = false;

  constructor(view: View<T>) {
    super(view);
    this.#view = view;
  }

  override try(): IteratorResult<T, undefined> | Pending {
    if (this.#hasBegun || this.#view.isGone) return super.try();
    this.#hasBegun = true;
    return { done: false, value: this.#view.see() };
  }
}
