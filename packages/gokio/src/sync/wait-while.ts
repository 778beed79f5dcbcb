/**
 * Waiting on a condvar again and again, for as long as a predicate holds.
 *
 * @module
 */

import { currentRegion } from "../kernel/current.ts";
import type { OnRejected, Operation } from "../kernel/operation.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import type { Region } from "../kernel/region.ts";
import type { Parked } from "../kernel/step.ts";
import type { LazyCall } from "../task/call.ts";
import type { MutexGuard } from "./mutex.ts";

/** @internal */
export class WaitWhile<T> implements LazyCall<void> {
  /** Fails if the wait has been cancelled before it starts. */
  readonly #entry: Operation<void>;
  readonly #wait: Operation<void>;
  readonly #guard: MutexGuard<T>;
  readonly #predicate: (value: T) => boolean;

  constructor(entry: Operation<void>, wait: Operation<void>, guard: MutexGuard<T>, predicate: (value: T) => boolean) {
    this.#entry = entry;
    this.#wait = wait;
    this.#guard = guard;
    this.#predicate = predicate;
  }

  async run(region: Region): Promise<void> {
    if (region.cancellation !== undefined) {
      region.refused();
      throw region.cancellation.error;
    }
    this.#entry.try();
    while (this.#predicate(this.#guard.value)) await startIn(region, this.#wait);
  }

  then<A = void, B = never>(
    fulfilled?: ((value: void) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    return this.run(currentRegion()).then(fulfilled, rejected);
  }

  *[Symbol.iterator](): Generator<Parked, void, unknown> {
    yield* this.#entry;
    while (this.#predicate(this.#guard.value)) yield* this.#wait;
  }
}
