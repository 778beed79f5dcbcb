import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { MisuseError } from "../../src/errors.ts";
import { WaitGroup } from "../../src/group/wait-group.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("everyone who waits goes on at zero, and not before", async () => {
    const group = new WaitGroup();
    await drive(wait(group));
    group.add(3);
    const waits = [start(wait(group)), start(wait(group))];
    const cancelled = start(wait(group));
    group.done();
    group.add(-1);
    await turn();
    cancelled.cancel();
    expect([waits.map((each) => each.ended), group.count]).toEqual([[undefined, undefined], 1]);
    group.done();
    for (const each of waits) expect((await each.end).status).toBe("ok");
    expect((await cancelled.end).status).toBe("cancelled");
  });

  test("it can be used again, at once", async () => {
    const group = new WaitGroup();
    for (let round = 0; round < 3; round++) {
      group.add();
      const waiting = start(wait(group));
      await turn();
      group.done();
      group.add();
      const later = start(wait(group));
      expect((await waiting.end).status).toBe("ok");
      expect(later.ended).toBe(undefined);
      group.done();
      expect((await later.end).status).toBe("ok");
    }
  });

  test("go counts a task from its spawn to the end of its cleanup", () =>
    virtual(async (clock) => {
      const group = new WaitGroup();
      const values = [10, 20].map((ms) =>
        group.go(function* () {
          try {
            return ms;
          } finally {
            yield* sleep(ms);
          }
        }),
      );
      expect(group.count).toBe(2);
      await drive(wait(group));
      expect([clock.elapsed, await values[0], await values[1]]).toEqual([20, 10, 20]);
    }));
});

test("it cannot go below zero, and is left as it was", () => {
  const group = new WaitGroup();
  expect(() => group.done()).toThrow(MisuseError);
  group.add(2);
  expect(() => group.add(-3)).toThrow(MisuseError);
  expect(group.count).toBe(2);
  group.add(-2);
  for (const delta of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
    expect(() => group.add(delta)).toThrow(RangeError);
  }
  expect(() => group.add("1" as never)).toThrow(TypeError);
  expect(() => group.go(5 as never)).toThrow(TypeError);
  expect(group.count).toBe(0);
});

test("failures are reported, unless joined, and count down all the same", async () => {
  const group = new WaitGroup();
  const seen = await unhandledDuring(async () => {
    group.go(async () => {
      throw new Error("nobody joins");
    });
    const joined = group.go(async () => {
      throw new Error("joined");
    });
    await expect(Promise.resolve(joined)).rejects.toThrow("joined");
    await group.wait();
  });
  expect(seen.map(String)).toEqual(["Error: nobody joins"]);
});

test("taking off too many by hand does not break the tasks under way", async () => {
  const group = new WaitGroup();
  const go = chan<void>();
  const task = group.go(() => go.recv());
  group.done();
  await group.wait();
  await go.send();
  await task;
  expect(group.count).toBe(0);
});
