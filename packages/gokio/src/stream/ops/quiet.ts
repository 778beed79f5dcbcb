/**
 * What becomes of a stream when no item comes for a while.
 *
 * @module
 */
import { CancelledError, TimeoutError } from "../../errors.ts";
import type { Yielded } from "../../kernel/step.ts";
import { sleep } from "../../time/sleep.ts";
import { GO } from "../line.ts";
import type { Out } from "../out.ts";
import type { Upstream } from "../upstream.ts";
import { Timed } from "./pace.ts";
import { Countdown, PullOr } from "./pull-or.ts";

/** The last item, once none has come for `ms` milliseconds. */
export class Debounce<T> extends Timed<T, T> {
  override *run(out: Out<T>): Generator<Yielded, void, unknown> {
    const { next } = this.upstream;
    const quiet = new Countdown(this.line.scheduler, this.ms);
    const pull = new PullOr(this.upstream, quiet);
    for (let item = yield* next; item.done !== true; ) {
      quiet.restart();
      const later = yield* pull;
      if (later !== undefined && later.done !== true) {
        item = later;
        continue;
      }
      const signal = out.push(item.value);
      if (signal !== GO) yield* out.settle(signal);
      item = later ?? (yield* next);
    }
  }
}

/** All items, as long as none takes longer than `ms` milliseconds. */
export class TimeLimit<T> extends Timed<T, T> {
  override *run(out: Out<T>): Generator<Yielded, void, unknown> {
    const patience = new Countdown(this.line.scheduler, this.ms);
    const pull = new PullOr(this.upstream, patience);
    for (;;) {
      patience.restart();
      const item = yield* pull;
      if (item === undefined) throw new CancelledError(new TimeoutError(`an item took longer than ${this.ms} ms`));
      if (item.done === true) return;
      const signal = out.push(item.value);
      if (signal !== GO) yield* out.settle(signal);
    }
  }
}

/** Arrays of `size` items, or of those that came within `ms` milliseconds from the first. */
export class ChunksTimeout<T> extends Timed<T, T[]> {
  readonly #size: number;

  constructor(upstream: Upstream<T>, size: number, ms: number) {
    super(upstream, ms);
    this.#size = size;
  }

  override *run(out: Out<T[]>): Generator<Yielded, void, unknown> {
    const { next } = this.upstream;
    for (let item = yield* next; item.done !== true; ) {
      const chunk = [item.value];
      const pull = new PullOr(this.upstream, sleep(this.ms));
      let later: IteratorResult<T, undefined> | undefined;
      while (chunk.length < this.#size) {
        later = yield* pull;
        if (later === undefined || later.done === true) break;
        chunk.push(later.value);
      }
      const signal = out.push(chunk);
      if (signal !== GO) yield* out.settle(signal);
      item = later?.done === true ? later : yield* next;
    }
  }
}
