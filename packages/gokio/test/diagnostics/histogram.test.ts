/** The histogram of times: where each falls. */
import { expect, test } from "vitest";
import { BOUNDS, Histogram } from "../../src/diagnostics/histogram.ts";

test("a value falls into the bucket whose bound it does not pass", () => {
  const histogram = new Histogram();
  for (const ms of [0, 0.1, 0.11, 1, 2500, 2501, 1e9]) histogram.add(ms);
  const { counts, count, sum, max } = histogram.data;
  expect(counts[0]).toBe(2);
  expect(counts[1]).toBe(1);
  expect(counts[BOUNDS.indexOf(1)]).toBe(1);
  expect(counts[BOUNDS.indexOf(2500)]).toBe(1);
  expect(counts.at(-1)).toBe(2);
  expect(counts).toHaveLength(BOUNDS.length + 1);
  expect({ count, max }).toEqual({ count: 7, max: 1e9 });
  expect(sum).toBeCloseTo(1e9 + 5002.21);
});

test("what was handed out does not change any more", () => {
  const histogram = new Histogram();
  const before = histogram.data;
  histogram.add(1);
  expect(before.count).toBe(0);
  expect(before.counts.every((count) => count === 0)).toBe(true);
});
