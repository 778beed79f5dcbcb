/**
 * Waiting for what is not gokio's: promises, and work that takes an AbortSignal.
 *
 * @module
 */
import { CancelledError, MisuseError, show, wrongType } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { running } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { afterStep } from "../kernel/settling.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { isGenerator, isThenable } from "./body.ts";
import { watching } from "./foreign.ts";
import { JoinHandle, join } from "./join-handle.ts";
import { isDrivable } from "./run-body.ts";

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
 * Given a group, it is the operation behind the group's own `wait`; given an operation or a task's handle, the wait for that.
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
  if (work instanceof Operation) return withOptions(work, options);
  if (work instanceof JoinHandle) return join(work, options);
  if (!isThenable(work)) throw wrongType("work", "a promise or a function", work);
  if (isDrivable(work))
    throw new TypeError(`wait: ${show(work)} runs a body, and is waited for by await or yield* alone`);
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
    waiter.slot = new Running(this.#work, waiter as Waiter);
  }

  override unlink(waiter: Waiter<Awaited<R>>): void {
    (waiter.slot as Running).giveUp();
  }

  override describe(): string {
    return "foreign work";
  }
}

/** One call of the work. */
class Running {
  #waiter: Waiter | undefined;
  readonly #controller = new AbortController();

  constructor(work: (signal: AbortSignal) => unknown, waiter: Waiter) {
    this.#waiter = waiter;
    const task = running;
    const { signal } = this.#controller;
    const call = (): unknown => {
      if (this.#waiter === undefined) return undefined;
      const result = task === undefined ? work(signal) : task.callForeign(() => work(signal));
      if (isGenerator(result)) throw new MisuseError("wait: it cannot run a generator function; use call");
      return result;
    };
    // Not called from here: it may abort the very task that is being linked.
    const called = Promise.resolve().then(call);
    called.then(
      (value) => this.#waiter?.wake(value),
      (error) => this.#waiter?.fail(error),
    );
  }

  /** The waiter was unlinked. The listeners of the signal are user code, and others are yet to be unlinked. */
  giveUp(): void {
    this.#waiter = undefined;
    afterStep(() => this.#controller.abort(new CancelledError("the wait ended first")));
  }
}
