/**
 * Streams at a certain pace: items that come later than they could.
 *
 * @module
 */
import type { Yielded } from "../../kernel/step.ts";
import { sleep } from "../../time/sleep.ts";
import { GO } from "../line.ts";
import type { Out } from "../out.ts";
import { Producer } from "../plan.ts";
import type { Upstream } from "../upstream.ts";

/** What does something with time to the items of one other stream. */
export abstract class Timed<T, U> extends Producer<U> {
  protected readonly upstream: Upstream<T>;
  protected readonly ms: number;

  constructor(upstream: Upstream<T>, ms: number) {
    super();
    this.upstream = upstream;
    this.ms = ms;
  }

  override get upstreams(): readonly Upstream<T>[] {
    return [this.upstream];
  }

  override describe(): string {
    return this.upstream.run.label.replace(/^stream of /, "");
  }
}

/** At most one item in `ms` milliseconds. */
export class Throttle<T> extends Timed<T, T> {
  override *run(out: Out<T>): Generator<Yielded, void, unknown> {
    const { next } = this.upstream;
    for (let item = yield* next; item.done !== true; item = yield* next) {
      // From when the item is handed on, and so made before that.
      const pause = sleep(this.ms);
      const signal = out.push(item.value);
      if (signal !== GO) yield* out.settle(signal);
      yield* pause;
    }
  }
}

/** Each item `ms` milliseconds after it came. */
export class Delay<T> extends Timed<T, T> {
  override *run(out: Out<T>): Generator<Yielded, void, unknown> {
    const { next } = this.upstream;
    for (let item = yield* next; item.done !== true; item = yield* next) {
      yield* sleep(this.ms);
      const signal = out.push(item.value);
      if (signal !== GO) yield* out.settle(signal);
    }
  }
}
