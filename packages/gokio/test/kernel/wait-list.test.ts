import fc from "fast-check";
import { expect, test } from "vitest";
import { WaitList, waitersOf } from "../../src/kernel/wait-list.ts";
import { FakeWaiter } from "./fakes.ts";

const namesIn = (list: WaitList): number[] => [...waitersOf(list)].map((waiter) => (waiter as FakeWaiter).name);

test("is an array with removal in the middle", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant("push" as const) },
    { weight: 2, arbitrary: fc.constant("shift" as const) },
    { weight: 3, arbitrary: fc.nat() },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const list = new WaitList();
      const other = new WaitList();
      other.push(new FakeWaiter(-1));
      const array: FakeWaiter[] = [];
      let made = 0;
      for (const each of steps) {
        if (each === "push") {
          const waiter = new FakeWaiter(made++);
          list.push(waiter);
          array.push(waiter);
          expect(waiter.list).toBe(list);
        } else if (each === "shift") {
          expect(list.shift()).toBe(array.shift());
        } else if (array.length > 0) {
          const [waiter] = array.splice(each % array.length, 1) as [FakeWaiter];
          other.remove(waiter);
          list.remove(waiter);
          expect([waiter.list, waiter.previous, waiter.next]).toEqual([undefined, undefined, undefined]);
          // A second time does nothing.
          list.remove(waiter);
        }
        expect(namesIn(list)).toEqual(array.map((waiter) => waiter.name));
        expect([list.size, list.head, list.tail]).toEqual([array.length, array[0], array.at(-1)]);
      }
      expect(other.size).toBe(1);
    }),
  );
});

test("a waiter can go from one list to another", () => {
  const [a, b] = [new WaitList(), new WaitList()];
  const waiter = new FakeWaiter(1);
  a.push(waiter);
  a.remove(waiter);
  b.push(waiter);
  a.remove(waiter);
  expect([namesIn(a), namesIn(b)]).toEqual([[], [1]]);
});
