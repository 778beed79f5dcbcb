/**
 * A histogram of times that takes a fixed 26 KB and no allocation per value.
 *
 * # Algorithm
 *
 * Log-linear, after HdrHistogram: times are counted in units of 10 ns. Below 256 units each has a bucket; above, each power
 * of two is divided into 128. So a bucket is at most 1/128 of its value wide, from 1.3 µs to 43 s; below, it is 10 ns wide, and all that is
 * above counts as 43 s.
 *
 * @module
 */

const UNITS_PER_MS = 100_000;
const BITS = 7;
const PARTS = 1 << BITS;
const MOST_UNITS = 0xffff_ffff;

/** A time in milliseconds, and the share of all times that were not above it. */
export type Point = readonly [ms: number, share: number];

export class Histogram {
  readonly #buckets = new Float64Array(PARTS * (32 - BITS + 1));
  #count = 0;
  #max = 0;

  /** Counts a time in milliseconds; one below zero, as zero. */
  record(ms: number): void {
    const units = Math.max(0, Math.min(ms * UNITS_PER_MS, MOST_UNITS)) >>> 0;
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
      if (left <= 0) return Math.min(upperEnd(bucket), this.#max);
    }
    return this.#max;
  }

  /** The distribution in up to `most` points, of which the last is the longest time. */
  cdf(most = 200): Point[] {
    const all: Point[] = [];
    let seen = 0;
    for (let bucket = 0; bucket < this.#buckets.length; bucket++) {
      const here = this.#buckets[bucket] as number;
      if (here === 0) continue;
      seen += here;
      all.push([Math.min(upperEnd(bucket), this.#max), seen / this.#count]);
    }
    if (all.length <= most) return all;
    // Evenly over the buckets, which is evenly over the logarithm of the time, as it is drawn.
    return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))] as Point);
  }
}

/** Where a bucket ends, in milliseconds. */
function upperEnd(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / PARTS) - 1);
  return ((bucket - shift * PARTS + 1) * 2 ** shift) / UNITS_PER_MS;
}
