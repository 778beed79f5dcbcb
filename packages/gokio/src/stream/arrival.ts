/**
 * Waiting for one promise after the other, without anything new for each.
 *
 * A line waits for one thing at a time, and has to know what came of it even if nobody asked for a while: so the promise is followed
 * at once, and what it brings is kept until it is fetched.
 *
 * @module
 */
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";

/** Who goes on by itself with what has come, while a waiter of its is linked; that stays linked until the follower unlinks it. */
export interface Follower {
  follow(value: unknown): void;
}

export class Arrival extends Operation<unknown> {
  #state: "pending" | "fulfilled" | "rejected" = "pending";
  #outcome: unknown = undefined;
  #waiter: Waiter | undefined = undefined;
  readonly #follower: Follower | undefined;

  /** The follower, if there is one, is told instead of waking the waiter. */
  constructor(follower?: Follower) {
    super();
    this.#follower = follower;
  }

  /** Follows `promise`. The one before has been fetched. */
  watch(promise: PromiseLike<unknown>): void {
    this.#state = "pending";
    // Other thenables may settle twice, or with another thenable.
    const own = promise instanceof Promise ? promise : Promise.resolve(promise);
    own.then(this.#fulfilled, this.#rejected);
  }

  get isPending(): boolean {
    return this.#state === "pending";
  }

  readonly #fulfilled = (value: unknown): void => {
    const waiter = this.#waiter;
    if (waiter === undefined) this.#keep("fulfilled", value);
    else if (this.#follower === undefined) {
      this.#waiter = undefined;
      waiter.wake(value);
    } else this.#follower.follow(value);
  };

  readonly #rejected = (error: unknown): void => {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter !== undefined) waiter.fail(error);
    else this.#keep("rejected", error);
  };

  #keep(state: "fulfilled" | "rejected", outcome: unknown): void {
    this.#state = state;
    this.#outcome = outcome;
  }

  override try(): unknown | Pending {
    if (this.#state === "pending") return PENDING;
    const outcome = this.#outcome;
    this.#outcome = undefined;
    if (this.#state === "rejected") throw outcome;
    return outcome;
  }

  override link(waiter: Waiter): void {
    this.#waiter = waiter;
  }

  override unlink(): void {
    this.#waiter = undefined;
  }

  override describe(): string {
    return "a foreign promise";
  }
}
