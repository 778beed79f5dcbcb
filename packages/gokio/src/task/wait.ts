/**
 * Waiting for what is not gokio's: promises, and work that takes an AbortSignal.
 *
 * @module
 */
import { CancelledError, show } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { running } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { isThenable } from "./body.ts";
import { watching } from "./foreign.ts";

export const waiting: unique symbol = Symbol("gokio.waiting");

/** What has a `wait` method: groups, barriers. */
export interface Waitable<T> {
  /** @internal */
  readonly [waiting]: Operation<T>;
}

/**
 * Waits for foreign work: a promise, or a function that is given an AbortSignal and returns one.
 *
 * A function is called when the wait starts, in the async context of the task, and its signal aborts when the wait is cancelled or loses a select:
 * so sockets, files and `fetch` are cancelled with the task. Each drive calls it anew.
 *
 * Given a group, it is the operation behind the group's own `wait`.
 *
 * Cancel-safe: the wait ends at once; the promise is abandoned, and goes on if nothing listens to the signal.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * const text = await wait((signal) => readFile("package.json", { encoding: "utf8", signal }));
 * console.log(text.length > 0); // true
 * ```
 *
 * @throws {TypeError} at the call, if `work` is none of these.
 */
export function wait<T>(work: Waitable<T>, options?: WaitOptions): Operation<T>;
export function wait<R>(
  work: ((signal: AbortSignal) => R) | PromiseLike<R>,
  options?: WaitOptions,
): Operation<Awaited<R>>;
export function wait(
  work: ((signal: AbortSignal) => unknown) | PromiseLike<unknown> | Waitable<unknown>,
  options?: WaitOptions,
): Operation<unknown> {
  if (typeof work === "function") return withOptions(new ForeignCall(work) as Operation<unknown>, options);
  if (typeof work === "object" && work !== null && waiting in work) return withOptions(work[waiting], options);
  if (!isThenable(work)) throw new TypeError(`work must be a promise or a function, not ${show(work)}`);
  return withOptions(watching(work), options);
}

class ForeignCall<R> extends Operation<Awaited<R>> {
  readonly #work: (signal: AbortSignal) => R;

  constructor(work: (signal: AbortSignal) => R) {
    super();
    this.#work = work;
  }

  override try(): Pending {
    return PENDING;
  }

  override link(waiter: Waiter<Awaited<R>>): void {
    const controller = new AbortController();
    const { signal } = controller;
    waiter.slot = controller;
    const task = running;
    const work = (): unknown => {
      if (signal.aborted) return undefined;
      return task === undefined ? this.#work(signal) : task.callForeign(() => this.#work(signal));
    };
    // Not called from here: it may abort the very task that is being linked.
    const called = Promise.resolve().then(work);
    // `signal` is aborted exactly if the waiter was unlinked first.
    called.then(
      (value) => signal.aborted || waiter.wake(value as Awaited<R>),
      (error) => signal.aborted || waiter.fail(error),
    );
  }

  override unlink(waiter: Waiter<Awaited<R>>): void {
    (waiter.slot as AbortController).abort(new CancelledError("the wait ended first"));
  }

  override describe(): string {
    return "foreign work";
  }
}
