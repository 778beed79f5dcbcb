/**
 * Medians, and how sure of them one can be.
 *
 * # Algorithm
 *
 * An interval comes of the percentile bootstrap: the samples are drawn anew, with repetition, 2,000 times, and the interval
 * holds the middle of the medians that come out. With few samples that interval is too narrow; so it is taken further out, as
 * "expanded percentiles" (Hesterberg, "What Teachers Should Know About the Bootstrap", 2015): by as much as Student's
 * distribution is wider than the normal one. With 7 samples, it reaches from the least to the greatest.
 *
 * @module
 */
import { Random } from "./random.ts";

export interface Estimate {
  readonly value: number;
  /** The ends of the interval that holds the true value with 95 % confidence. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;
const SEED = 20_231_117;
/** How many standard deviations hold the middle 95 % of a normal distribution, on either side. */
const Z = 1.959_963_984_540_054;

export function median(values: readonly number[]): number {
  return quantile(sorted(values), 0.5);
}

/** Of values in order, the one that a part `q` of them is below; between two values, in proportion. */
export function quantile(ordered: ArrayLike<number>, q: number): number {
  const at = (ordered.length - 1) * q;
  const [below, above] = [ordered[Math.floor(at)] as number, ordered[Math.ceil(at)] as number];
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}

/** The median of `values` with its interval. */
export function estimate(values: readonly number[], seed = SEED): Estimate {
  return interval(median(values), resampledMedians(values, new Random(seed)), values.length);
}

/** The ratio of two medians with its interval: both are drawn anew. */
export function ratio(of: readonly number[], to: readonly number[], seed = SEED): Estimate {
  const random = new Random(seed);
  const [above, below] = [resampledMedians(of, random), resampledMedians(to, random)];
  const ratios = above.map((value, i) => value / (below[i] as number));
  return interval(median(of) / median(to), ratios, Math.min(of.length, to.length));
}

/** Drawn are places in the order of the values: so the median is found by counting, and nothing has to be put in order. */
function resampledMedians(values: readonly number[], random: Random): Float64Array {
  const ordered = sorted(values);
  const count = ordered.length;
  const times = new Uint32Array(count);
  return Float64Array.from({ length: RESAMPLES }, () => {
    times.fill(0);
    for (let i = 0; i < count; i++) times[random.below(count)]!++;
    const lower = at(ordered, times, (count - 1) >> 1);
    return count % 2 === 1 ? lower : (lower + at(ordered, times, count >> 1)) / 2;
  });
}

/** The value at place `rank`, if each is there so many times. */
function at(ordered: Float64Array, times: Uint32Array, rank: number): number {
  let place = 0;
  for (let before = times[0] as number; before <= rank; before += times[place] as number) place++;
  return ordered[place] as number;
}

function interval(value: number, drawn: Float64Array, count: number): Estimate {
  const ordered = drawn.sort();
  const tail = normalTail(Math.sqrt(count / Math.max(1, count - 1)) * student(count - 1));
  return { value, low: quantile(ordered, tail), high: quantile(ordered, 1 - tail) };
}

function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** The bound of Student's distribution that 2.5 % are above (Abramowitz and Stegun, 26.7.5). */
function student(freedom: number): number {
  const n = Math.max(1, freedom);
  const [z3, z5, z7] = [Z ** 3, Z ** 5, Z ** 7];
  return (
    Z +
    (z3 + Z) / (4 * n) +
    (5 * z5 + 16 * z3 + 3 * Z) / (96 * n ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / (384 * n ** 3)
  );
}

/** The part of a normal distribution above `x` standard deviations (Abramowitz and Stegun, 26.2.17). */
function normalTail(x: number): number {
  const t = 1 / (1 + 0.2316419 * x);
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
