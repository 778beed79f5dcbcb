/**
 * One stream of several: one after the other, whichever comes first, one of each, the latest of each.
 *
 * @module
 */
import type { Yielded } from "../../kernel/step.ts";
import { GO } from "../line.ts";
import type { Out } from "../out.ts";
import { Producer } from "../plan.ts";
import type { Upstream } from "../upstream.ts";
import { indices, nextOf } from "./fan.ts";

abstract class Combination<T, U> extends Producer<U> {
  readonly #upstreams: readonly Upstream<T>[];

  constructor(upstreams: readonly Upstream<T>[]) {
    super();
    this.#upstreams = upstreams;
  }

  override get upstreams(): readonly Upstream<T>[] {
    return this.#upstreams;
  }

  protected abstract readonly verb: string;

  override describe(): string {
    return `${this.verb} of ${this.upstreams.length} streams`;
  }
}

/** All items of the first, then all of the second, and so on. */
export class Chain<T> extends Combination<T, T> {
  protected readonly verb = "chain";

  override *run(out: Out<T>): Generator<Yielded, void, unknown> {
    for (const { next } of this.upstreams) {
      for (let item = yield* next; item.done !== true; item = yield* next) {
        const signal = out.push(item.value);
        if (signal !== GO) yield* out.settle(signal);
      }
    }
  }
}

/** Each item of any, as it comes. */
export class Merge<T> extends Combination<T, T> {
  protected readonly verb = "merge";

  override *run(out: Out<T>): Generator<Yielded, void, unknown> {
    let live = indices(this.upstreams.length);
    while (live.length > 0) {
      const { index, item } = yield* nextOf(this.upstreams, live);
      if (item.done === true) live = live.filter((each) => each !== index);
      else {
        const signal = out.push(item.value);
        if (signal !== GO) yield* out.settle(signal);
      }
    }
  }
}

/** The first items together, then the second ones; the end of one is the end. */
export class Zip<T> extends Combination<T, T[]> {
  protected readonly verb = "zip";

  override *run(out: Out<T[]>): Generator<Yielded, void, unknown> {
    const { upstreams } = this;
    for (;;) {
      const row: T[] = new Array(upstreams.length);
      // All at once: slow streams are waited for together.
      for (let missing = indices(upstreams.length); missing.length > 0; ) {
        const { index, item } = yield* nextOf(upstreams, missing);
        if (item.done === true) return;
        row[index] = item.value;
        missing = missing.filter((each) => each !== index);
      }
      const signal = out.push(row);
      if (signal !== GO) yield* out.settle(signal);
    }
  }
}

/** Whenever one has a new item, the latest of each, once all have one. It ends when all have ended, or one without an item. */
export class CombineLatest<T> extends Combination<T, T[]> {
  protected readonly verb = "combineLatest";

  override *run(out: Out<T[]>): Generator<Yielded, void, unknown> {
    const { upstreams } = this;
    const latest: T[] = new Array(upstreams.length);
    const silent = new Set(upstreams.keys());
    let live = indices(upstreams.length);
    while (live.length > 0) {
      const { index, item } = yield* nextOf(upstreams, live);
      if (item.done === true) {
        if (silent.has(index)) return;
        live = live.filter((each) => each !== index);
        continue;
      }
      latest[index] = item.value;
      silent.delete(index);
      if (silent.size > 0) continue;
      const signal = out.push([...latest]);
      if (signal !== GO) yield* out.settle(signal);
    }
  }
}
