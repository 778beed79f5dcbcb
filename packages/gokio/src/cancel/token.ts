/**
 * CancellationToken: the handle of a cancel node. Whoever holds a token may watch it and may cancel it, with all below it.
 *
 * The token is its node: a tree of a million tokens is a million objects, where a node in a field of its own would make two of each. Only its
 * type does not say so, for a node's members are not for users.
 *
 * @module
 */

import { checkDuration, TimeoutError } from "../errors.ts";
import { type Signal, sourceOf, start, type WaitOptions } from "../kernel/abortable.ts";
import { Cancellation, type HasCancelSource } from "../kernel/cancel-source.ts";
import { currentScheduler } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { signalOf } from "./abort-signal.ts";
import { TimedNode } from "./timed-node.ts";
import { untilCancelled } from "./until-cancelled.ts";

const TokenBase = TimedNode as unknown as new () => HasCancelSource;

/** @internal The token, as the node that it is. */
export function nodeOf(token: CancellationToken): TimedNode {
  return token as unknown as TimedNode;
}

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
export class CancellationToken extends TokenBase implements Disposable {
  /**
   * A token that is cancelled with `signal`, an AbortSignal, a Context or another token, and can be cancelled alone. Dispose it when it is done
   * with: until then, or until it is cancelled, the signal keeps it.
   *
   * @example
   * ```ts
   * const controller = new AbortController();
   * using token = CancellationToken.from(controller.signal);
   * controller.abort("enough");
   * console.log(token.isCancelled, token.reason); // true enough
   * ```
   *
   * @throws {TypeError} if `signal` is nothing that can cancel.
   */
  static from(signal: Signal): CancellationToken {
    const source = sourceOf(signal);
    const token = new CancellationToken();
    if (source.cancellation === undefined) source.add(nodeOf(token));
    else nodeOf(token).cancellation = source.cancellation;
    return token;
  }

  /** A token that is cancelled with this one, and can be cancelled alone. Dispose it when it is done with, for the parent keeps it. */
  child(): CancellationToken {
    return CancellationToken.from(this);
  }

  /** Cancels this token and all below it; visible at once. `false` if it was cancelled before. */
  cancel(reason?: unknown): boolean {
    const node = nodeOf(this);
    return node.cancellation === undefined && node.cancelWith(new Cancellation(reason));
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
    nodeOf(this).cancelAt(scheduler, scheduler.host.now() + ms, () => new TimeoutError(`${ms} ms have passed`));
    return this;
  }

  /** Whether it has been cancelled, here or above. */
  get isCancelled(): boolean {
    return nodeOf(this).cancellation !== undefined;
  }

  /** Why it was cancelled; `undefined` while it is not. */
  get reason(): unknown {
    return nodeOf(this).cancellation?.reason;
  }

  /** The platform's face of this token: aborts with it, always the same object. */
  get signal(): AbortSignal {
    return signalOf(nodeOf(this));
  }

  /** @throws {CancelledError} if it has been cancelled. */
  throwIfCancelled(): void {
    const { cancellation } = nodeOf(this);
    if (cancellation !== undefined) throw cancellation.error;
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
  [dispose](): void {
    nodeOf(this).detach();
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

  [dispose](): void {
    this.#token?.cancel("the guard was disposed");
    this.#token = undefined;
  }
}
