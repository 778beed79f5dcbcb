import { describe, expect, test } from "vitest";
import { CancelledError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { DelayQueue, expired } from "../../src/time/delay-queue.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { Delegate } from "../support/delegate.ts";
import { drivers } from "../support/drivers.ts";
import { moment } from "../support/moment.ts";
import { HEAVY, heapUsed } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("values leave at their deadline, in order; equal ones in the order set", async () => {
    await virtual(async (clock) => {
      const queue = new DelayQueue<string>();
      for (const [value, ms] of [
        ["c", 30],
        ["a", 10],
        ["b1", 20],
        ["b2", 20],
        ["b3", 20],
      ] as const)
        queue.insert(value, ms);
      const seen: string[] = [];
      while (queue.size > 0) seen.push(`${await drive(expired(queue))} at ${clock.elapsed}`);
      expect(seen).toEqual(["a at 10", "b1 at 20", "b2 at 20", "b3 at 20", "c at 30"]);
    });
  });

  test("those who wait are served in the order they came", async () => {
    await virtual(async (clock) => {
      const queue = new DelayQueue<string>();
      const seen: string[] = [];
      const waits = [1, 2, 3].map(async (i) => seen.push(`${i}: ${await drive(expired(queue))} at ${clock.elapsed}`));
      await moment();
      queue.insert("y", 20);
      queue.insert("x", 10);
      queue.insert("now", 0);
      await Promise.all(waits);
      expect(seen).toEqual(["1: now at 0", "2: x at 10", "3: y at 20"]);
    });
  });

  test("an earlier value that comes meanwhile is waited for instead", async () => {
    await virtual(async (clock) => {
      const queue = new DelayQueue<string>();
      queue.insert("late", 100);
      const wait = drive(expired(queue));
      await sleep(10);
      queue.insert("early", 5);
      expect([await wait, clock.elapsed]).toEqual(["early", 15]);
    });
  });

  test("a removed value does not leave, and its successor is waited for", async () => {
    await virtual(async (clock) => {
      const queue = new DelayQueue<string>();
      const key = queue.insert("removed", 10);
      queue.insert("left", 20);
      const wait = drive(expired(queue));
      await moment();
      expect([queue.remove(key), queue.remove(key)]).toEqual([{ value: "removed" }, undefined]);
      expect(queue.size).toBe(1);
      expect([await wait, clock.elapsed]).toEqual(["left", 20]);
    });
  });

  test("a reset value leaves at its new deadline, earlier or later", async () => {
    await virtual(async (clock) => {
      const queue = new DelayQueue<string>();
      const [a, b] = [queue.insert("a", 10), queue.insert("b", 1000)];
      const first = drive(expired(queue));
      await sleep(5);
      expect([queue.reset(a, 100), queue.reset(b, 20)]).toEqual([true, true]);
      expect([await first, clock.elapsed]).toEqual(["b", 25]);
      expect(queue.reset(b, 1)).toBe(false);
      expect([await drive(expired(queue)), clock.elapsed]).toEqual(["a", 105]);
      expect(queue.remove(a)).toBe(undefined);
    });
  });

  test("a cancelled wait takes nothing, and leaves no timer", async () => {
    await virtual(async ({ scheduler }) => {
      const queue = new DelayQueue<string>();
      queue.insert("x", 10);
      const [a, b] = [start(expired(queue)), start(expired(queue))];
      await moment();
      expect(scheduler.timers.size).toBe(1);
      a.cancel();
      expect(await b.end).toEqual({ status: "ok", value: "x" });
      queue.insert("y", 10);
      const c = start(expired(queue));
      await moment();
      c.cancel();
      expect([scheduler.timers.size, queue.size]).toEqual([0, 1]);
      await Promise.all([a.end, c.end]);
    });
  });

  test("one that was served is not cancelled any more", async () => {
    await virtual(async () => {
      const queue = new DelayQueue<string>();
      const wait = start(expired(queue));
      await moment();
      queue.insert("x", 0);
      wait.cancel();
      expect(await wait.end).toEqual({ status: "ok", value: "x" });
    });
  });

  test("any value travels", async () => {
    await virtual(async () => {
      const values = [undefined, null, Number.NaN, 0, "", new Error("a value")];
      const queue = new DelayQueue<unknown>();
      for (const value of values) queue.insert(value, 1);
      for (const value of values) expect(await drive(expired(queue))).toBe(value);
    });
  });
});

test("the method is eager, the free function lazy", async () => {
  await virtual(async () => {
    const queue = new DelayQueue<number>();
    for (const value of [1, 2, 3]) queue.insert(value, 0);
    const op = expired(queue);
    void queue.expired();
    expect(queue.size).toBe(2);
    expect([await op, await op]).toEqual([2, 3]);
    queue.insert(4, 0);
    await expect(queue.expired({ signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    expect(queue.size).toBe(1);
  });
});

test("tryExpired takes only what is due, and no one's turn", async () => {
  await virtual(async ({ host }) => {
    const queue = new DelayQueue<undefined>();
    queue.insert(undefined, 10);
    expect(queue.tryExpired()).toBe(undefined);
    await sleep(10);
    expect([queue.tryExpired(), queue.tryExpired()]).toEqual([{ value: undefined }, undefined]);
    const waiting = queue.expired();
    queue.insert(undefined, 5);
    host.skip(6);
    expect([queue.tryExpired(), queue.size]).toEqual([undefined, 1]);
    await waiting;
  });
});

test("clear takes all out; whoever waits goes on waiting", async () => {
  await virtual(async (clock) => {
    const queue = new DelayQueue<string>();
    const key = queue.insert("gone", 10);
    const waiting = queue.expired();
    await moment();
    queue.clear();
    expect([queue.size, clock.scheduler.timers.size, queue.remove(key), queue.reset(key, 1)]).toEqual([
      0,
      0,
      undefined,
      false,
    ]);
    await sleep(20);
    queue.insert("new", 5);
    expect([await waiting, clock.elapsed]).toEqual(["new", 25]);
  });
});

test("iteration takes one after the other; leaving it loses none", async () => {
  await virtual(async () => {
    const queue = new DelayQueue<number>();
    for (const value of [1, 2, 3]) queue.insert(value, value);
    for await (const value of queue) if (value === 2) break;
    expect([queue.size, await queue.expired()]).toEqual([1, 3]);
  });
});

test("iteration gives any value as it is", async () => {
  await virtual(async () => {
    const queue = new DelayQueue<unknown>();
    const promise = Promise.resolve(7);
    const poison = {
      then: (_: unknown, reject: (error: Error) => void) => reject(new Error("lost")),
    };
    const iterator = queue[Symbol.asyncIterator]();
    queue.insert(promise, 0);
    queue.insert(poison, 1);
    expect((await iterator.next()).value).toBe(promise);
    expect((await iterator.next()).value).toBe(poison);
  });
});

test("peek shows what leaves next, and when, and takes nothing", async () => {
  await virtual(async () => {
    const queue = new DelayQueue<string>();
    expect(queue.peek()).toBe(undefined);
    const key = queue.insert("a", 20);
    queue.insert("b", 10);
    await sleep(4);
    expect(queue.peek()).toEqual({ value: "b", ms: 6 });
    queue.reset(key, 1);
    expect(queue.peek()).toEqual({ value: "a", ms: 1 });
    await sleep(100);
    expect([queue.peek(), queue.size]).toEqual([{ value: "a", ms: 0 }, 2]);
    queue.clear();
    expect(queue.peek()).toBe(undefined);
  });
});

test("a request that an operation delegates to is served", async () => {
  await virtual(async () => {
    const queue = new DelayQueue<number>();
    queue.insert(7, 5);
    expect(await new Delegate(expired(queue))).toBe(7);
  });
});

test("with the last value goes the timer of those who wait", async () => {
  await virtual(async ({ scheduler }) => {
    const queue = new DelayQueue<string>();
    const waiting = queue.expired();
    const key = queue.insert("removed", 10);
    expect(scheduler.timers.size).toBe(1);
    queue.remove(key);
    expect(scheduler.timers.size).toBe(0);
    queue.insert("x", 0);
    await waiting;
  });
});

test("an infinite delay ends by reset or remove only", async () => {
  await virtual(async (clock) => {
    const queue = new DelayQueue<string>();
    const key = queue.insert("x", Number.POSITIVE_INFINITY);
    await expect(timeout(1e9, expired(queue))).rejects.toMatchObject({ name: "TimeoutError" });
    expect(queue.reset(key, 7)).toBe(true);
    expect(await queue.expired()).toBe("x");
    expect(clock.elapsed).toBe(1e9 + 7);
  });
});

test("a lost select takes nothing", async () => {
  await virtual(async () => {
    const queue = new DelayQueue<string>();
    queue.insert("x", 10);
    expect((await select({ value: expired(queue), first: sleep(5) })).key).toBe("first");
    const both = await select({ a: expired(queue), b: expired(queue) });
    expect([both.value, queue.size]).toEqual(["x", 0]);
  });
});

test("a key of another queue is none of this one's", async () => {
  await virtual(async () => {
    const [a, b] = [new DelayQueue<string>(), new DelayQueue<string>()];
    const key = a.insert("x", 10);
    expect([b.remove(key), b.reset(key, 1), a.size]).toEqual([undefined, false, 1]);
  });
});

test(
  "10⁶ values have one timer, and leave in order",
  async () => {
    await virtual(async ({ scheduler, host }) => {
      const count = 1_000_000;
      const queue = new DelayQueue<number>();
      // A permutation, so that no order is given.
      for (let i = 0; i < count; i++) {
        const ms = (i * 7919) % count;
        queue.insert(ms, ms);
      }
      expect([scheduler.timers.size, host.timers]).toEqual([0, 0]);
      const first = spawn(function* () {
        return yield* expired(queue);
      });
      expect(await first).toBe(0);
      const parked = queue.expired();
      await moment();
      expect([scheduler.timers.size, host.timers]).toEqual([1, 1]);
      host.skip(50_000);
      let last = (await parked) as number;
      for (let next = queue.tryExpired(); next !== undefined; next = queue.tryExpired()) {
        if (next.value !== last + 1) throw new Error(`${next.value} after ${last}`);
        last = next.value;
      }
      expect([last, queue.size]).toEqual([50_000, count - 50_001]);
    });
  },
  HEAVY,
);

test("10⁵ values inserted, reset and removed leave nothing behind", async () => {
  const queue = new DelayQueue<object>();
  const parked = spawn(() => queue.expired());
  const before = await heapUsed();
  for (let i = 0; i < 100_000; i++) {
    const key = queue.insert({ i }, 100_000 + (i % 10));
    queue.reset(key, 50_000);
    queue.remove(key);
  }
  expect(queue.size).toBe(0);
  expect((await heapUsed()) - before).toBeLessThan(1_000_000);
  parked.abort();
  await parked.settled();
});

test("bad arguments are refused at the call", () => {
  const queue = new DelayQueue<number>();
  expect(() => queue.insert(1, -1)).toThrow("ms must be a number of milliseconds, 0 or more, not -1");
  expect(() => queue.insert(1, Number.NaN)).toThrow(RangeError);
  expect(() => queue.insert(1, "1s" as never)).toThrow(TypeError);
  expect(queue.size).toBe(0);
  const key = queue.insert(1, 1);
  expect(() => queue.reset(key, -1)).toThrow(RangeError);
  expect(() => queue.remove({} as never)).toThrow("key must be what insert gave, not an object");
  expect(() => queue.reset(undefined as never, 1)).toThrow(TypeError);
  expect(() => expired({} as never)).toThrow("queue must be a DelayQueue, not an object");
  expect(queue.size).toBe(1);
});
