/**
 * A gate: waiting until a group has come to rest, for any number of waiters.
 *
 * The group says whether the gate is open and what passing it gives. The waiters are let through in the order they came.
 *
 * Invariant: waiters are linked only while the gate is shut.
 *
 * @module
 */
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";

/** What a gate asks the group it belongs to. */
export interface Gated<T> {
  readonly isOpen: boolean;
  /** What a waiter gets that passes; what this throws, it fails with. */
  pass(): T;
  describe(): string;
}

/** Open while none of a group's tasks lives. */
export class Idle implements Gated<unknown> {
  readonly #group: { readonly live: number };
  readonly #what: string;

  constructor(group: { readonly live: number }, what: string) {
    this.#group = group;
    this.#what = what;
  }

  get isOpen(): boolean {
    return this.#group.live === 0;
  }

  pass(): unknown {
    return undefined;
  }

  describe(): string {
    return `the end of ${this.#group.live} tasks of ${this.#what}`;
  }
}

export class Gate<T = void> extends Operation<T> {
  readonly #group: Gated<T>;
  readonly #waiters = new WaitList<T>();

  constructor(group: Gated<T>) {
    super();
    this.#group = group;
  }

  override try(): T | Pending {
    return this.#group.isOpen ? this.#group.pass() : PENDING;
  }

  override link(waiter: Waiter<T>): void {
    this.#waiters.push(waiter);
  }

  override unlink(waiter: Waiter<T>): void {
    this.#waiters.remove(waiter);
  }

  /** Lets everyone through who waits, if the gate is open. */
  open(): void {
    if (!this.#group.isOpen) return;
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) this.#let(waiter);
  }

  #let(waiter: Waiter<T>): void {
    let value: T;
    try {
      value = this.#group.pass();
    } catch (error) {
      waiter.fail(error);
      return;
    }
    waiter.wake(value);
  }

  override describe(): string {
    return this.#group.describe();
  }
}
