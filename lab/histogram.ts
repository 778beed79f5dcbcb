/**
 * A histogram of times that takes a fixed 16 KB and no allocation per value.
 *
 * # Algorithm
 *
 * Log-linear, after HdrHistogram: times are counted in units of 0.1 µs. Below 128 units each has a bucket; above, each power
 * of two is divided into 64. So a bucket is at most 1/64 of its value wide, from 0.1 µs to seven minutes.
 *
 * @module
 */

const UNITS_PER_MS = 10_000;
const BITS = 6;
const PARTS = 1 << BITS;

export class Histogram {
  readonly #buckets = new Float64Array(PARTS * (32 - BITS + 1));
  #count = 0;
  #max = 0;

  /** Counts a time in milliseconds. */
  record(ms: number): void {
    const units = (ms * UNITS_PER_MS) >>> 0;
    const shift = Math.max(0, 31 - Math.clz32(units) - BITS);
    const bucket = shift * PARTS + (units >>> shift);
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
    this.#count++;
    if (ms > this.#max) this.#max = ms;
  }

  get count(): number {
    return this.#count;
  }

  /** The longest time, exactly. */
  get max(): number {
    return this.#max;
  }

  /** The time that a part `q`, from 0 to 1, of all was not above: the upper end of its bucket. */
  quantile(q: number): number {
    let left = Math.ceil(q * this.#count);
    for (let bucket = 0; bucket < this.#buckets.length; bucket++) {
      left -= this.#buckets[bucket] as number;
      if (left <= 0) return Math.min(upperEnd(bucket) / UNITS_PER_MS, this.#max);
    }
    return this.#max;
  }
}

function upperEnd(bucket: number): number {
  if (bucket < 2 * PARTS) return bucket + 1;
  const shift = Math.floor(bucket / PARTS) - 1;
  return (bucket - shift * PARTS + 1) * 2 ** shift;
}
