/**
 * Sources that have their items at hand, or make them: nothing has to be waited for.
 *
 * @module
 */
import { BREATHE, DRY, GO, type Signal, Source } from "../line.ts";

/** The items of an array, as its iterator gives them. */
export class ArraySource<T> extends Source<T> {
  readonly #items: readonly T[];
  #next = 0;

  constructor(items: readonly T[]) {
    super();
    this.#items = items;
  }

  override pump(): Signal {
    const { sink, line } = this;
    const items = this.#items;
    while (this.#next < items.length) {
      const signal = sink.push(items[this.#next++] as T);
      if (signal !== GO) return signal;
      if (--line.credit < 0 && line.breathes()) return BREATHE;
    }
    return DRY;
  }

  override describe(): string {
    return "an array";
  }
}

/** Whole numbers, or others, at equal distances. */
export class RangeSource extends Source<number> {
  readonly #start: number;
  readonly #end: number;
  readonly #step: number;
  #index = 0;

  constructor(start: number, end: number, step: number) {
    super();
    this.#start = start;
    this.#end = end;
    this.#step = step;
  }

  override pump(): Signal {
    const { sink, line } = this;
    const start = this.#start;
    const end = this.#end;
    const step = this.#step;
    let index = this.#index;
    for (;;) {
      // Not a running sum: that of fractions would drift.
      const value = start + index * step;
      if (step > 0 ? value >= end : value <= end) break;
      index++;
      const signal = sink.push(value);
      if (signal !== GO || (--line.credit < 0 && line.breathes())) {
        this.#index = index;
        return signal === GO ? BREATHE : signal;
      }
    }
    this.#index = index;
    return DRY;
  }

  override describe(): string {
    return "a range";
  }
}

/** The items of any iterable. */
export class IterableSource<T> extends Source<T> {
  readonly #items: Iterable<T>;
  #iterator: Iterator<T> | undefined = undefined;
  #isDone = false;

  constructor(items: Iterable<T>) {
    super();
    this.#items = items;
  }

  override pump(): Signal {
    const { sink, line } = this;
    const iterator = this.#iterator ?? this.#begin();
    while (!this.#isDone) {
      const item = this.#next(iterator);
      if (item.done === true) {
        this.#isDone = true;
        break;
      }
      const signal = sink.push(item.value);
      if (signal !== GO) return signal;
      if (--line.credit < 0 && line.breathes()) return BREATHE;
    }
    return DRY;
  }

  #begin(): Iterator<T> {
    this.#iterator = this.#items[Symbol.iterator]();
    return this.#iterator;
  }

  #next(iterator: Iterator<T>): IteratorResult<T> {
    try {
      return iterator.next();
    } catch (error) {
      // An iterator that throws has ended, and is not to be told so.
      this.#isDone = true;
      throw error;
    }
  }

  override close(): undefined {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#iterator?.return?.();
  }

  override describe(): string {
    return "an iterable";
  }
}
