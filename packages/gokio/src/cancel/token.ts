/**
 * CancellationToken: the handle of a cancel node. Whoever holds a token may watch it and may cancel it, with all below it.
 *
 * The token is its node: a tree of a million tokens is a million objects.
 *
 * @module
 */
import { checkDuration, TimeoutError } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { Cancellation } from "../kernel/cancel-source.ts";
import { currentScheduler } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import { signalOf } from "./abort-signal.ts";
import { TimedNode } from "./timed-node.ts";
import { untilCancelled } from "./until-cancelled.ts";

/**
 * Tells any number of waits, tasks and child tokens to stop.
 *
 * @example
 * ```ts
 * const parent = new CancellationToken();
 * const child = parent.child();
 * parent.cancel("shutting down");
 * console.log(child.isCancelled, child.reason); // true shutting down
 * ```
 */
export class CancellationToken extends TimedNode implements Disposable {
  // Not the node's constructor: that takes a parent, and is not public.
  // biome-ignore lint/complexity/noUselessConstructor: it hides a parameter.
  constructor() {
    super();
  }

  /** A token that is cancelled with this one, and can be cancelled alone. Dispose it when it is done with, for the parent keeps it. */
  child(): CancellationToken {
    const child = new CancellationToken();
    if (this.cancellation === undefined) this.add(child);
    else child.cancellation = this.cancellation;
    return child;
  }

  /** Cancels this token and all below it; visible at once. `false` if it was cancelled before. */
  cancel(reason?: unknown): boolean {
    return this.cancellation === undefined && this.cancelWith(new Cancellation(reason));
  }

  /**
   * Cancels this token in `ms` milliseconds, with a `TimeoutError` as the reason; of several calls, the earliest deadline counts. It does not
   * keep the process alive, and ends with the token: no timer is left once that is cancelled or disposed.
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   */
  cancelAfter(ms: number): this {
    checkDuration("ms", ms);
    const scheduler = currentScheduler();
    this.cancelAt(scheduler, scheduler.host.now() + ms, () => new TimeoutError(`${ms} ms have passed`));
    return this;
  }

  get isCancelled(): boolean {
    return this.cancellation !== undefined;
  }

  /** Why it was cancelled; `undefined` while it is not. */
  get reason(): unknown {
    return this.cancellation?.reason;
  }

  /** The platform's face of this token: aborts with it, always the same object. */
  get signal(): AbortSignal {
    return signalOf(this);
  }

  /** @throws {CancelledError} if it has been cancelled. */
  throwIfCancelled(): void {
    if (this.cancellation !== undefined) throw this.cancellation.error;
  }

  /**
   * Waits for `op`, unless this token is cancelled first; then the result is `undefined`, and `op` has not happened. A token that is cancelled
   * already wins. For a body, see the function of this name.
   *
   * Cancel-safe: as `op`.
   *
   * @example
   * ```ts
   * const token = new CancellationToken();
   * const ch = chan<string>();
   * const got = token.runUntilCancelled(recv(ch));
   * token.cancel();
   * console.log(await got); // undefined
   * ```
   */
  runUntilCancelled<T>(op: Operation<T>, options?: WaitOptions): Promise<Awaited<T> | undefined> {
    return start(untilCancelled(this, op), options) as Promise<Awaited<T> | undefined>;
  }

  /** Cancels the token when disposed, unless it was disarmed: for work that must not outlive a block. */
  guard(): CancelGuard {
    return new CancelGuard(this);
  }

  /** Leaves the parent, which forgets the token, and drops its deadline. It is not cancelled, and can still be. */
  [Symbol.dispose](): void {
    this.detach();
  }
}

/** Made by {@link CancellationToken.guard}. */
export class CancelGuard implements Disposable {
  #token: CancellationToken | undefined;

  /** @internal */
  constructor(token: CancellationToken) {
    this.#token = token;
  }

  /** Lets the token live. */
  disarm(): void {
    this.#token = undefined;
  }

  [Symbol.dispose](): void {
    this.#token?.cancel("the guard was disposed");
    this.#token = undefined;
  }
}
