/**
 * A histogram of times: buckets with fixed bounds, so that two can be compared and added.
 *
 * @module
 */

/** The upper bounds of the buckets, inclusive, in milliseconds. What is above the last has a bucket of its own. */
export const BOUNDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500] as const;

/** A histogram as it is handed out; all times in milliseconds. */
export interface HistogramData {
  /** The upper bounds of the buckets, inclusive. */
  readonly bounds: readonly number[];
  /** How many fell into each bucket: one more than there are bounds, the last for what is above all of them. */
  readonly counts: readonly number[];
  /** How many there were. */
  readonly count: number;
  /** All of them together. */
  readonly sum: number;
  /** The longest. */
  readonly max: number;
}

export class Histogram {
  readonly #counts = new Array<number>(BOUNDS.length + 1).fill(0);
  #count = 0;
  #sum = 0;
  #max = 0;

  add(ms: number): void {
    let bucket = 0;
    while (bucket < BOUNDS.length && ms > (BOUNDS[bucket] as number)) bucket++;
    (this.#counts[bucket] as number)++;
    this.#count++;
    this.#sum += ms;
    if (ms > this.#max) this.#max = ms;
  }

  get data(): HistogramData {
    return { bounds: BOUNDS, counts: [...this.#counts], count: this.#count, sum: this.#sum, max: this.#max };
  }
}
