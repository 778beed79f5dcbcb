/**
 * A waiter that only writes down what happens to it, and an operation with a queue that has to be served again.
 *
 * @module
 */
import { Operation } from "../../src/kernel/operation.ts";
import { defaultScheduler, type Scheduler } from "../../src/kernel/scheduler.ts";
import { PENDING, type Pending } from "../../src/kernel/step.ts";
import { WaitList } from "../../src/kernel/wait-list.ts";
import { Waiter } from "../../src/kernel/waiter.ts";

export class FakeWaiter<T = unknown> extends Waiter<T> {
  readonly name: number;
  readonly events: string[];
  readonly #daemon: boolean;

  constructor(name: number, events: string[] = [], op?: Operation<T>, daemon = false) {
    super();
    this.name = name;
    this.events = events;
    this.op = op;
    this.#daemon = daemon;
  }

  override hold(): () => void {
    this.events.push(`${this.name} held`);
    return () => void this.events.push(`${this.name} let go`);
  }

  override wake(value: T): void {
    this.op = undefined;
    this.events.push(`${this.name} woken${value === undefined ? "" : ` with ${value}`}`);
  }

  override fail(error: unknown): void {
    this.op = undefined;
    this.events.push(`${this.name} failed with ${error}`);
  }

  override get scheduler(): Scheduler {
    return defaultScheduler;
  }

  override get daemon(): boolean {
    return this.#daemon;
  }
}

/** Whoever leaves without having passed lets the next one pass. */
export class Turnstile extends Operation<string> {
  readonly waiters = new WaitList<string>();
  ready: string | undefined = undefined;

  override try(): string | Pending {
    return this.ready ?? PENDING;
  }

  override link(waiter: Waiter<string>): void {
    this.waiters.push(waiter);
  }

  override unlink(waiter: Waiter<string>): void {
    this.waiters.remove(waiter);
  }

  override unlinked(): void {
    this.pass("the one before left");
  }

  pass(why: string): void {
    this.waiters.shift()?.wake(why);
  }

  override describe(): string {
    return "a turnstile";
  }
}
