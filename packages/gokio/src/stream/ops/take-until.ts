/**
 * A stream up to a cancellation, which ends it well.
 *
 * @module
 */
import { Cancelled } from "../../cancel/cancelled.ts";
import type { CancelSource } from "../../kernel/cancel-source.ts";
import type { Operation } from "../../kernel/operation.ts";
import { RaceOperation } from "../../kernel/race.ts";
import type { Yielded } from "../../kernel/step.ts";
import { GO } from "../line.ts";
import type { Out } from "../out.ts";
import { Producer } from "../plan.ts";
import type { Upstream } from "../upstream.ts";

export class TakeUntil<T> extends Producer<T> {
  readonly #upstream: Upstream<T>;
  readonly #source: CancelSource;

  constructor(upstream: Upstream<T>, source: CancelSource) {
    super();
    this.#upstream = upstream;
    this.#source = source;
  }

  override get upstreams(): readonly Upstream<T>[] {
    return [this.#upstream];
  }

  override *run(out: Out<T>): Generator<Yielded, void, unknown> {
    const next = new Until(this.#source, this.#upstream.next);
    while (this.#source.cancellation === undefined) {
      this.#upstream.run.fill();
      const item = yield* next;
      if (item === undefined || item.done === true) return;
      const signal = out.push(item.value);
      if (signal !== GO) yield* out.settle(signal);
    }
  }

  override describe(): string {
    return `${this.#upstream.run.label} until it is cancelled`;
  }
}

/** The next item, or `undefined` once the source is cancelled. */
class Until<T> extends RaceOperation<IteratorResult<T, undefined> | undefined> {
  override readonly alternatives: readonly Operation<unknown>[];

  constructor(source: CancelSource, next: Operation<IteratorResult<T, undefined>>) {
    super();
    this.alternatives = [new Cancelled(source), next];
  }

  override won(index: number, item: unknown): IteratorResult<T, undefined> | undefined {
    return index === 0 ? undefined : (item as IteratorResult<T, undefined>);
  }

  override describe(): string {
    return (this.alternatives[1] as Operation<unknown>).describe();
  }
}
