/**
 * One reader's part of a stream with several, as `hub.ts` tells: a bounded queue, and who waits for it.
 *
 * @module
 */
import { END } from "../chan/ends.ts";
import { Operation } from "../kernel/operation.ts";
import { Ring } from "../kernel/ring.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import type { Hub } from "./hub.ts";
import type { Line, Source } from "./line.ts";
import type { Plan } from "./plan.ts";
import { OpSource } from "./sources/op-source.ts";

export type Item<T> = IteratorResult<T, undefined>;

/** A hub, as its branches see it, which do not care what comes from upstream. */
type Dealer = Omit<Hub<unknown>, keyof Waiter>;

/** Pulls the next item for one reader. It is pulled by the run of one stream, so it has one waiter. */
export class Branch<T> extends Operation<Item<T>> {
  readonly #hub: Dealer;
  readonly #queue = new Ring<T>();
  #waiter: Waiter<Item<T>> | undefined = undefined;
  /** Whether it holds upstream open. */
  #isCounted = false;
  /** Gets no more items. */
  #isClosed = false;
  /** Has nothing more to tell, but for its failure. */
  #isThrough = false;
  #failure: { readonly error: unknown } | undefined = undefined;

  constructor(hub: Dealer) {
    super();
    this.#hub = hub;
  }

  /** The plan of its stream. */
  get plan(): Plan {
    return { source: () => this.#begin(), stages: [], isOnce: true };
  }

  #begin(): Source<unknown> {
    this.count();
    return new BranchSource(this) as Source<unknown>;
  }

  /** Has it hold upstream open: from the start, or else from the first pull. */
  count(): this {
    if (!this.#isCounted && !this.#isClosed) this.#hub.count();
    this.#isCounted = true;
    return this;
  }

  // ── the hub's side ──

  push(item: T): void {
    if (this.#isClosed) return;
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#queue.push(item);
      if (this.#queue.length === this.#hub.buffer) this.#hub.filled();
      return;
    }
    this.#waiter = undefined;
    this.#hub.served(this as Branch<unknown>);
    waiter.wake({ done: false, value: item });
  }

  /** Nothing more will come. */
  ended(): void {
    const waiter = this.#waiter as Waiter<Item<T>>;
    this.#waiter = undefined;
    this.#isThrough = true;
    const { failure } = this.#hub;
    if (failure === undefined) waiter.wake(END);
    else waiter.fail(failure.error);
  }

  get scheduler(): Scheduler {
    return (this.#waiter as Waiter).scheduler;
  }

  get isDaemon(): boolean {
    return this.#waiter?.daemon ?? true;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  // ── the reader's side ──

  fill(line: Line): void {
    if (!this.#isThrough) this.#hub.fillFor(this as Branch<unknown>, line);
  }

  override try(): Item<T> | Pending {
    if (!this.#isThrough) {
      this.#hub.takeFor(this as Branch<unknown>);
      if (this.#queue.length > 0) return { done: false, value: this.#shift() };
      if (!this.#hub.isOver) return PENDING;
      this.#isThrough = true;
      this.#failure = this.#hub.failure;
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    return END;
  }

  #shift(): T {
    const item = this.#queue.shift();
    if (this.#queue.length === this.#hub.buffer - 1) this.#hub.roomy();
    return item;
  }

  override link(waiter: Waiter<Item<T>>): void {
    this.#waiter = waiter;
    this.#hub.waits(this as Branch<unknown>);
  }

  override unlink(): void {
    this.#waiter = undefined;
    this.#hub.gaveUp(this as Branch<unknown>);
  }

  /** Drops what is queued, and all that would come; what comes back has to be waited for. */
  close(): PromiseLike<unknown> | undefined {
    if (this.#isClosed) return undefined;
    this.#drop();
    return this.#isCounted ? this.#hub.discount() : undefined;
  }

  /** Closes one that does not count, and has whoever reads it after all told of `error`. */
  cut(error: unknown): void {
    this.#failure = { error };
    this.#drop();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  #drop(): void {
    this.#isClosed = this.#isThrough = true;
    const wasFull = this.#queue.length === this.#hub.buffer;
    this.#queue.clear();
    if (wasFull) this.#hub.roomy();
  }

  override describe(): string {
    return `next on a branch of ${this.#hub.describe()}`;
  }
}

class BranchSource<T> extends OpSource<T> {
  readonly #branch: Branch<T>;

  constructor(branch: Branch<T>) {
    super(branch);
    this.#branch = branch;
  }

  protected override prepare(): void {
    this.#branch.fill(this.line);
  }

  override close(): PromiseLike<unknown> | undefined {
    return this.#branch.close();
  }
}
