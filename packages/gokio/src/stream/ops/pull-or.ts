/**
 * Pulls that do not wait for ever.
 *
 * @module
 */
import { Operation } from "../../kernel/operation.ts";
import { RaceOperation } from "../../kernel/race.ts";
import type { Scheduler } from "../../kernel/scheduler.ts";
import { type Parked, PENDING, type Pending } from "../../kernel/step.ts";
import { type TimedOperation, timersOf } from "../../kernel/timers.ts";
import type { Waiter } from "../../kernel/waiter.ts";
import { fill } from "../pulls.ts";
import type { StreamRun } from "../run.ts";
import type { Upstream } from "../upstream.ts";

/** An item or the end; `undefined` where neither came. */
export type MaybeItem<T> = IteratorResult<T, undefined> | undefined;

/** The next item, unless `other` comes first; an item that is there wins. The same operation can be driven again and again. */
export class PullOr<T> extends RaceOperation<MaybeItem<T>> {
  override readonly alternatives: readonly [Operation<IteratorResult<T, undefined>>, Operation<unknown>];
  readonly #run: StreamRun<T>;

  constructor(upstream: Upstream<T>, other: Operation<unknown>) {
    super();
    this.alternatives = [upstream.next, other];
    this.#run = upstream.run;
  }

  override next(resumed?: unknown): IteratorResult<Parked, MaybeItem<T>> {
    if (resumed === undefined) fill(this.#run as StreamRun<never>);
    return super.next(resumed);
  }

  override won(index: number, item: unknown): MaybeItem<T> {
    return index === 0 ? (item as IteratorResult<T, undefined>) : undefined;
  }

  override describe(): string {
    return this.alternatives[0].describe();
  }
}

/**
 * Milliseconds of waiting: they run down only while somebody waits. A stream that nobody pulls for an hour has not been quiet for an hour, and
 * is not late.
 */
export class Countdown extends Operation<void> implements TimedOperation {
  readonly #scheduler: Scheduler;
  readonly #ms: number;
  #left: number;
  deadline = 0;

  constructor(scheduler: Scheduler, ms: number) {
    super();
    this.#scheduler = scheduler;
    this.#ms = this.#left = ms;
  }

  restart(): void {
    this.#left = this.#ms;
  }

  override try(): Pending {
    return PENDING;
  }

  override link(waiter: Waiter<void>): void {
    this.deadline = this.#scheduler.host.now() + this.#left;
    timersOf(this.#scheduler).add(waiter, this);
  }

  override unlink(waiter: Waiter<void>): void {
    this.#left = Math.max(0, this.deadline - this.#scheduler.host.now());
    timersOf(this.#scheduler).remove(waiter);
  }

  override describe(): string {
    return `${this.#ms} ms of waiting`;
  }
}
