/**
 * Waiting for promises that are not gokio's.
 *
 * A promise cannot be unlinked from, and each `then` on one that lives long is a leak. So a promise gets one reaction, ever, however often
 * it is waited for; the waits are linked on a list of ours, and leave it like any other.
 *
 * @module
 */
import { derived } from "../kernel/derived.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { settle, type Waiter } from "../kernel/waiter.ts";

class Watch extends Operation<unknown> {
  readonly #waiters = new WaitList();
  /** Gives the value, or throws the error. */
  #outcome: (() => unknown) | undefined = undefined;

  constructor(promise: PromiseLike<unknown>) {
    super();
    // Other thenables may settle twice, or with another thenable, or throw.
    Promise.resolve(promise).then(
      (value) => this.#settle(() => value),
      (error) =>
        this.#settle(() => {
          throw error;
        }),
    );
  }

  #settle(outcome: () => unknown): void {
    this.#outcome = outcome;
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift())
      settle(waiter, outcome);
  }

  override try(): unknown | Pending {
    return this.#outcome === undefined ? PENDING : this.#outcome();
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

const watchOf = derived((promise: PromiseLike<unknown>) => new Watch(promise));

/** The operation that waits for `promise`; the same one for the same promise. */
export function watching<T>(promise: PromiseLike<T>): Operation<Awaited<T>> {
  return watchOf(promise) as Operation<unknown> as Operation<Awaited<T>>;
}
