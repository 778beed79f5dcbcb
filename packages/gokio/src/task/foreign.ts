/**
 * Waiting for promises that are not gokio's.
 *
 * A promise cannot be unlinked from, and each `then` on one that lives long is a leak. So a promise gets one reaction, ever, however often
 * it is waited for; the waits are linked on a list of ours, and leave it like any other.
 *
 * @module
 */
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";

const watched = new WeakMap<object, Watch>();

/** The operation that waits for `promise`; the same one for the same promise. */
export function watching<T>(promise: PromiseLike<T>): Operation<Awaited<T>> {
  let watch = watched.get(promise);
  if (watch === undefined) {
    watch = new Watch(promise);
    watched.set(promise, watch);
  }
  return watch as Operation<unknown> as Operation<Awaited<T>>;
}

class Watch extends Operation<unknown> {
  readonly #waiters = new WaitList();
  #state: "pending" | "fulfilled" | "rejected" = "pending";
  #outcome: unknown = undefined;

  constructor(promise: PromiseLike<unknown>) {
    super();
    promise.then(
      (value) => this.#settle("fulfilled", value),
      (error) => this.#settle("rejected", error),
    );
  }

  #settle(state: "fulfilled" | "rejected", outcome: unknown): void {
    this.#state = state;
    this.#outcome = outcome;
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) {
      if (state === "fulfilled") waiter.wake(outcome);
      else waiter.fail(outcome);
    }
  }

  override try(): unknown | Pending {
    if (this.#state === "rejected") throw this.#outcome;
    return this.#state === "pending" ? PENDING : this.#outcome;
  }

  override link(waiter: Waiter): void {
    this.#waiters.push(waiter);
  }

  override unlink(waiter: Waiter): void {
    this.#waiters.remove(waiter);
  }

  override describe(): string {
    return "a foreign promise";
  }
}
