import fc from "fast-check";
import { expect, test } from "vitest";
import { type Dated, DeadlineHeap } from "../../src/time/deadline-heap.ts";

interface Item extends Dated {
  readonly name: number;
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: fc.nat({ max: 50 }) }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat() }) },
);

test("gives what a sorted array gives, whatever is taken out of the middle", () => {
  let fromMiddle = 0;
  const run = (steps: readonly ({ add: number } | { remove: number })[]): void => {
    const heap = new DeadlineHeap<Item>();
    const items: Item[] = [];
    for (const [name, each] of steps.entries()) {
      if ("add" in each) {
        const item: Item = { name, deadline: 0, order: 0, place: -1 };
        items.push(item);
        heap.add(item, each.add);
      } else if (items.length > 0) {
        const [item] = items.splice(each.remove % items.length, 1) as [Item];
        if (item !== heap.first) fromMiddle++;
        heap.remove(item);
        expect(item.place).toBe(-1);
      }
      // A stable sort: those of equal deadlines stay in the order they were added.
      const earliest = [...items].sort((a, b) => a.deadline - b.deadline)[0];
      expect([heap.size, heap.first]).toEqual([items.length, earliest]);
    }
    const sorted = [...items].sort((a, b) => a.deadline - b.deadline);
    const left: (number | undefined)[] = [];
    for (let first = heap.first; first !== undefined; first = heap.first) {
      left.push(first.name);
      heap.remove(first);
    }
    expect(left).toEqual(sorted.map(({ name }) => name));
  };
  fc.assert(fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), run), { numRuns: 300, seed: 20_248 });
  expect(fromMiddle).toBeGreaterThan(100);
});

test("what is cleared is in no heap any more", () => {
  const heap = new DeadlineHeap<Item>();
  const item: Item = { name: 1, deadline: 0, order: 0, place: -1 };
  heap.add(item, 5);
  expect(heap.clear()).toEqual([item]);
  expect([heap.size, heap.first, item.place]).toEqual([0, undefined, -1]);
});
