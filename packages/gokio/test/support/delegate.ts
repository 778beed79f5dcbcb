/**
 * An operation that hands everything on to another, as one does that users write around ours.
 *
 * @module
 */
import { Operation } from "../../src/kernel/operation.ts";
import type { Pending } from "../../src/kernel/step.ts";
import type { Waiter } from "../../src/kernel/waiter.ts";

export class Delegate<T> extends Operation<T> {
  readonly #to: Operation<T>;

  constructor(to: Operation<T>) {
    super();
    this.#to = to;
  }

  override try(): T | Pending {
    return this.#to.try();
  }

  override link(waiter: Waiter<T>): void {
    this.#to.link(waiter);
  }

  override unlink(waiter: Waiter<T>): void {
    this.#to.unlink(waiter);
  }

  override unlinked(): void {
    this.#to.unlinked?.();
  }

  override describe(): string {
    return this.#to.describe();
  }
}
