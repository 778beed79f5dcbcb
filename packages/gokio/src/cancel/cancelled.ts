/**
 * Waiting for a cancellation, as an operation: the `done` case of Go's selects.
 *
 * @module
 */
import { Registration, type Signal, sourceOf, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";

/**
 * Waits until `signal` is cancelled; the result is the reason that was given.
 *
 * Cancel-safe: waiting takes nothing.
 *
 * @example
 * ```ts
 * const token = new CancellationToken();
 * token.cancel("shutting down");
 * console.log(await cancelled(token)); // shutting down
 * ```
 *
 * @throws {TypeError} at the call, if `signal` is nothing that can cancel.
 */
export function cancelled(signal: Signal, options?: WaitOptions): Operation<unknown> {
  return withOptions(new Cancelled(sourceOf(signal)), options);
}

export class Cancelled extends Operation<unknown> {
  readonly #source: CancelSource;

  constructor(source: CancelSource) {
    super();
    this.#source = source;
  }

  override try(): unknown | Pending {
    return this.#source.cancellation === undefined ? PENDING : this.#source.cancellation.reason;
  }

  override link(waiter: Waiter<unknown>): void {
    const registration = new Registration(({ reason }) => waiter.wake(reason));
    waiter.slot = registration;
    this.#source.add(registration);
  }

  override unlink(waiter: Waiter<unknown>): void {
    this.#source.remove(waiter.slot as Registration);
  }

  override describe(): string {
    return "cancelled";
  }
}
