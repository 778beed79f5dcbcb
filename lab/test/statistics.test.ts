/** Intervals hold the true value about as often as they say. */
import { describe, expect, it } from "vitest";
import { Random } from "../runner/random.ts";
import { estimate, median, quantile, ratio } from "../runner/statistics.ts";

const uniform = (random: Random): number => (random.below(2 ** 30) + 0.5) / 2 ** 30;

const exponential = (random: Random): number => -Math.log(uniform(random));

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
}

/** How often, of 200 times, the interval of `count` samples holds the true median. */
function coverage(draw: (random: Random) => number, truth: number, count: number): number {
  const random = new Random(count);
  let held = 0;
  for (let i = 0; i < 200; i++) {
    const { low, high } = estimate(
      Array.from({ length: count }, () => draw(random)),
      i,
    );
    if (low <= truth && truth <= high) held++;
  }
  return held / 200;
}

describe("medians and quantiles", () => {
  it("are those of the values in order", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([7], 0.99)).toBe(7);
  });
});

describe("the interval of a median", () => {
  // 200 draws of what happens 95 times of 100 lie within 0.95 ± 0.046, three standard deviations.
  it.each([
    ["normal", normal, 0, 7],
    ["normal", normal, 0, 15],
    ["exponential", exponential, Math.LN2, 7],
    ["exponential", exponential, Math.LN2, 25],
  ] as const)("holds it 95 times of 100: %s, %#", (_name, draw, truth, count) => {
    const held = coverage(draw, truth, count);
    expect(held).toBeGreaterThan(0.904);
    expect(held).toBeLessThanOrEqual(1);
  });

  it("holds the median itself, and is a point if all samples are the same", () => {
    expect(estimate([2, 2, 2, 2])).toEqual({ value: 2, low: 2, high: 2 });
    expect(estimate([5])).toEqual({ value: 5, low: 5, high: 5 });
    const { value, low, high } = estimate([1, 2, 3, 4, 100]);
    expect([value, low <= value, value <= high]).toEqual([3, true, true]);
  });

  it("gets narrower with more samples", () => {
    const random = new Random(9);
    const width = (count: number): number => {
      const { low, high } = estimate(Array.from({ length: count }, () => normal(random)));
      return high - low;
    };
    expect(width(400)).toBeLessThan(width(25) / 2);
  });

  it("is the same for the same samples", () => {
    const samples = [1.2, 3.4, 2.2, 8.1, 0.3];
    expect(estimate(samples)).toEqual(estimate(samples));
  });
});

describe("the interval of a ratio", () => {
  it("holds the true ratio 95 times of 100", () => {
    const random = new Random(3);
    let held = 0;
    for (let i = 0; i < 200; i++) {
      const of = Array.from({ length: 12 }, () => 20 + normal(random));
      const to = Array.from({ length: 12 }, () => 10 + normal(random));
      const { low, high } = ratio(of, to, i);
      if (low <= 2 && 2 <= high) held++;
    }
    expect(held / 200).toBeGreaterThan(0.9);
  });

  it("is the ratio of the medians", () => {
    expect(ratio([4, 4, 4], [2, 2, 2])).toEqual({ value: 2, low: 2, high: 2 });
  });
});

describe("random numbers", () => {
  it("are as likely as one another", () => {
    const random = new Random(1);
    const counts = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 6000; i++) {
      const at = random.below(6);
      counts[at] = (counts[at] as number) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it("differ between neighbouring seeds", () => {
    const first = (seed: number): number => new Random(seed).below(1_000_000);
    expect(new Set([0, 1, 2, 3, 4].map(first)).size).toBe(5);
  });
});
