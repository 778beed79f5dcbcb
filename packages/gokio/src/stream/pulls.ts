/**
 * The operations that pull from a run: `recv` and `next`, and `close`.
 *
 * Trying one must not run code of the user's, and the line is full of it. So whoever starts a pull, an `await` or a `yield*`, first has the run
 * fill its slot, and only then tries; a race tries without, and links, which has the run's task do the work.
 *
 * @module
 */

import { type Inlet, Next, Recv } from "../chan/ends.ts";
import { ATTENTION } from "../kernel/coroutine-flags.ts";
import { currentRegion, running } from "../kernel/current.ts";
import { type OnRejected, Operation } from "../kernel/operation.ts";
import { type Parked, PENDING, type Pending } from "../kernel/step.ts";
import { settle, type Waiter } from "../kernel/waiter.ts";
import type { StreamRun } from "./run.ts";

/** What is pulled from: a run, or what looks like one. */
export interface PullInlet<T> extends Inlet<T> {
  /** The next item in a box, or the end. What the stream has failed with is thrown, even if that is a `ClosedError`. */
  pull(): IteratorResult<T, undefined> | Pending;
  /** Gets an item ready, if that goes without waiting. Called where code of the user's may run. */
  fill(waits?: boolean): void;
  /** A receiver was linked. */
  wanted(): void;
  /** A receiver was unlinked. */
  unwanted(): void;
}

/** Has the run fill its slot for a pull that starts here, unless that is about to be refused. */
export function fill(run: { fill(waits: boolean): void }): void {
  const refused =
    running === undefined ? currentRegion().cancellation !== undefined : (running.flags & ATTENTION) !== 0;
  if (!refused) run.fill(true);
}

/** Receives bare items. */
export class PullRecv<T> extends Recv<T> {
  readonly #run: PullInlet<T>;

  constructor(run: PullInlet<T>) {
    super(run);
    this.#run = run;
  }

  override then<A = Awaited<T>, B = never>(
    fulfilled?: ((value: Awaited<T>) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    fill(this.#run);
    return super.then(fulfilled, rejected);
  }

  override next(resumed?: unknown): IteratorResult<Parked, T> {
    if (resumed === undefined) fill(this.#run);
    return super.next(resumed);
  }

  override link(waiter: Waiter<T>): void {
    super.link(waiter);
    this.#run.wanted();
  }

  override unlink(waiter: Waiter<T>): void {
    super.unlink(waiter);
    this.#run.unwanted();
  }
}

/** Receives items in boxes. */
export class PullNext<T> extends Next<T> {
  protected readonly run: PullInlet<T>;

  constructor(run: PullInlet<T>) {
    super(run);
    this.run = run;
  }

  /** Gets an item ready, if that goes without waiting. */
  fill(): void {
    this.run.fill();
  }

  override try(): IteratorResult<T, undefined> | Pending {
    return this.run.pull();
  }

  override then<A = IteratorResult<T, undefined>, B = never>(
    fulfilled?: ((value: IteratorResult<T, undefined>) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    fill(this.run);
    return super.then(fulfilled as never, rejected);
  }

  override next(resumed?: unknown): IteratorResult<Parked, IteratorResult<T, undefined>> {
    if (resumed === undefined) fill(this.run);
    return super.next(resumed);
  }

  override link(waiter: Waiter<IteratorResult<T, undefined>>): void {
    super.link(waiter);
    this.run.wanted();
  }

  override unlink(waiter: Waiter<IteratorResult<T, undefined>>): void {
    super.unlink(waiter);
    this.run.unwanted();
  }
}

/** Leaves the stream, and waits until everything upstream is closed. */
export class Close extends Operation<void> {
  readonly #run: StreamRun<unknown>;

  constructor(run: StreamRun<unknown>) {
    super();
    this.#run = run;
  }

  override try(): undefined | Pending {
    this.#run.leave();
    return this.#run.isOver ? this.#outcome() : PENDING;
  }

  #outcome(): undefined {
    const failure = this.#run.takeFailure();
    if (failure !== undefined) throw failure.error;
  }

  override link(waiter: Waiter<void>): void {
    waiter.slot = waiter;
    this.#run.leave(() => {
      // Unlinked meanwhile, it has another slot, or none.
      if (waiter.slot !== waiter) return;
      waiter.slot = undefined;
      settle(waiter, () => this.#outcome());
    });
  }

  override unlink(waiter: Waiter<void>): void {
    waiter.slot = undefined;
  }

  override describe(): string {
    return `close of ${this.#run.label}`;
  }
}
