/**
 * A source that is pulled by an operation: a channel's receiving end, another stream.
 *
 * @module
 */
import { LaggedError } from "../../errors.ts";
import { Operation } from "../../kernel/operation.ts";
import { PENDING, type Pending } from "../../kernel/step.ts";
import type { Waiter } from "../../kernel/waiter.ts";
import { BREATHE, DRY, GO, type Resumable, type Signal, Source } from "../line.ts";
import type { StreamRun } from "../run.ts";
import { Upstream } from "../upstream.ts";

/** Items that come boxed from an operation. */
export class OpSource<T> extends Source<T> implements Resumable {
  readonly #next: Operation<IteratorResult<T, unknown>>;
  #isDone = false;

  constructor(next: Operation<IteratorResult<T, unknown>>) {
    super();
    this.#next = next;
  }

  override pump(): Signal {
    const { line } = this;
    while (!this.#isDone) {
      this.prepare();
      const item = this.#next.try();
      if (item === PENDING) return line.wait(this.#next as Operation<unknown>, this);
      const signal = this.resumed(item);
      if (signal !== GO) return signal;
      if (--line.credit < 0 && line.breathes()) return BREATHE;
    }
    return DRY;
  }

  /** Called before a try, where code of the user's may run. */
  protected prepare(): void {}

  resumed(item: unknown): Signal {
    const { done, value } = item as IteratorResult<T, unknown>;
    if (done !== true) return this.sink.push(value as T);
    this.#isDone = true;
    return GO;
  }

  override describe(): string {
    return this.#next.describe().replace(/^next on /, "");
  }
}

/** The items of a stream that was pulled before. */
export class RunSource<T> extends OpSource<T> {
  readonly #upstream: Upstream<T>;

  constructor(run: StreamRun<T>) {
    const upstream = new Upstream(run);
    super(upstream.next);
    this.#upstream = upstream;
  }

  protected override prepare(): void {
    this.#upstream.run.fill();
  }

  override close(): PromiseLike<unknown> | undefined {
    return this.#upstream.close();
  }
}

/** Takes the messages of a broadcast, with what it says of lost ones among them. */
export class NextOrLag<T> extends Operation<IteratorResult<T | LaggedError, undefined>> {
  readonly #next: Operation<IteratorResult<T, undefined>>;

  constructor(next: Operation<IteratorResult<T, undefined>>) {
    super();
    this.#next = next;
  }

  override try(): IteratorResult<T | LaggedError, undefined> | Pending {
    try {
      return this.#next.try();
    } catch (error) {
      if (error instanceof LaggedError) return { done: false, value: error };
      throw error;
    }
  }

  override link(waiter: Waiter<IteratorResult<T | LaggedError, undefined>>): void {
    // Who waits has seen everything, and does not lag.
    this.#next.link(waiter as Waiter<IteratorResult<T, undefined>>);
  }

  override unlink(waiter: Waiter<IteratorResult<T | LaggedError, undefined>>): void {
    this.#next.unlink(waiter as Waiter<IteratorResult<T, undefined>>);
  }

  override unlinked(): void {
    this.#next.unlinked?.();
  }

  override describe(): string {
    return this.#next.describe();
  }
}
