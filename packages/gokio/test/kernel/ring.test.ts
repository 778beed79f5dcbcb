import fc from "fast-check";
import { expect, test } from "vitest";
import { Ring } from "../../src/kernel/ring.ts";
import { heapUsed } from "../support/turns.ts";

test("is first in, first out, as an array is", () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.integer().map((item) => ({ push: item })) },
    { weight: 4, arbitrary: fc.constant("shift" as const) },
    { weight: 1, arbitrary: fc.nat({ max: 20 }).map((at) => ({ at })) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const ring = new Ring<number>();
      const array: number[] = [];
      for (const each of steps) {
        if (each === "shift") {
          if (array.length > 0) expect(ring.shift()).toBe(array.shift());
        } else if ("push" in each) {
          ring.push(each.push);
          array.push(each.push);
        } else expect(ring.at(each.at)).toBe(array[each.at]);
        expect(ring.length).toBe(array.length);
      }
    }),
  );
});

test("holds undefined as an item", () => {
  const ring = new Ring<undefined>();
  ring.push(undefined);
  expect(ring.length).toBe(1);
  expect(ring.shift()).toBe(undefined);
  expect(ring.length).toBe(0);
});

test("clears", () => {
  const ring = new Ring<number>();
  for (let i = 0; i < 20; i++) ring.push(i);
  ring.clear();
  expect([ring.length, ring.at(0)]).toEqual([0, undefined]);
  ring.push(1);
  expect(ring.shift()).toBe(1);
});

test("keeps no item alive that was taken", async () => {
  const ring = new Ring<object>();
  const refs: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i++) {
    const item = { i };
    refs.push(new WeakRef(item));
    ring.push(item);
  }
  for (let i = 0; i < 19; i++) ring.shift();
  await heapUsed();
  expect(refs.filter((ref) => ref.deref() !== undefined).length).toBe(1);
  expect(ring.length).toBe(1);
});

test("gives the memory of a burst back", async () => {
  const ring = new Ring<number>();
  const before = await heapUsed();
  for (let i = 0; i < 2_000_000; i++) ring.push(i);
  const full = await heapUsed();
  while (ring.length > 0) ring.shift();
  const after = await heapUsed();
  expect(full - before).toBeGreaterThan(6_000_000);
  expect(after - before).toBeLessThan(2_000_000);
});
