/** Numbers and lists in words. */
import { expect, test } from "vitest";
import { duration, plural, span, times } from "../../src/diagnostics/wording.ts";
import { firstOf } from "../../src/kernel/deadlock.ts";

test("counts", () => {
  expect([plural(0, "task"), plural(1, "task"), plural(2, "task")]).toEqual(["0 tasks", "1 task", "2 tasks"]);
});

test("of a list that is too long, the first, and how many more", () => {
  expect(firstOf(2, [1, 2], String)).toEqual(["1", "2"]);
  expect(firstOf(2, [1, 2, 3, 4], String)).toEqual(["1", "2", "… and 2 more"]);
});

test("durations, in the unit that suits them", () => {
  const all = [0, 0.04, 1.26, 12.4, 999, 1000, 65_400, 119_999, 120_000, 3_600_000, 7_200_000, 90_000_000];
  expect(all.map(duration)).toEqual([
    "0 ms",
    "0 ms",
    "1.3 ms",
    "12 ms",
    "999 ms",
    "1 s",
    "65 s",
    "120 s",
    "2 min",
    "60 min",
    "2 h",
    "25 h",
  ]);
});

test("from the shortest to the longest, of those that are known", () => {
  expect(span([])).toBe("");
  expect(span([undefined])).toBe("");
  expect(span([5, undefined, 5.01])).toBe("5 ms");
  expect(span([3000, 5, undefined])).toBe("5 ms to 3 s");
});

test("how often", () => {
  expect([times([undefined]), times([1, 1]), times([0]), times([3]), times([4, 2])]).toEqual([
    "",
    "once",
    "0 times",
    "3 times",
    "2 to 4 times",
  ]);
});
