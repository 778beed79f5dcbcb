import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import type { Deadline } from "../../src/kernel/alarm.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { Timers } from "../../src/kernel/timers.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep, sleepUntil } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { Delegate } from "../support/delegate.ts";
import { drivers } from "../support/drivers.ts";
import { VirtualHost, virtual } from "../support/virtual.ts";
import { FakeWaiter } from "./fakes.ts";

const DAY = 86_400_000;

describe.each(drivers)("sleep through $name", ({ drive, start }) => {
  test("by an operation that hands on to it, in order with others", async () => {
    await virtual(async (clock) => {
      const woken: string[] = [];
      await Promise.all([
        drive(sleep(7)).then(() => woken.push("after")),
        drive(new Delegate(sleep(5))).then(() => woken.push("it")),
        drive(sleep(3)).then(() => woken.push("before")),
      ]);
      expect([woken, clock.elapsed]).toEqual([["before", "it", "after"], 7]);
    });
  });

  test.each([0, 0.25, 1, 63, 64, 4096, 2 ** 31 - 1, 2 ** 31, 2 ** 33, 400 * DAY])("takes %s ms", async (ms) => {
    await virtual(async (clock) => {
      await drive(sleep(ms));
      expect(clock.elapsed).toBe(Math.ceil(ms));
    });
  });

  test("Infinity never fires, and can be cancelled", async () => {
    await virtual(async (clock) => {
      const forever = start(sleep(Number.POSITIVE_INFINITY));
      await sleep(1000 * DAY);
      expect(forever.ended).toBe(undefined);
      expect([clock.scheduler.timers.size, clock.host.timers]).toEqual([0, 0]);
      forever.cancel();
      expect(await forever.end).toEqual({ status: "cancelled" });
    });
  });

  test("a cancelled sleep leaves no timer, visible at once", async () => {
    await virtual(async ({ scheduler, host }) => {
      const asleep = start(sleep(DAY));
      await sleep(1);
      expect(scheduler.timers.size).toBe(1);
      asleep.cancel();
      expect(scheduler.timers.size).toBe(0);
      expect(host.heldTimers).toBeLessThanOrEqual(1);
      await asleep.end;
      expect(host.heldTimers).toBe(0);
    });
  });

  test("the deadline is fixed when the operation is made", async () => {
    await virtual(async (clock) => {
      const tick = sleep(100);
      await sleep(60);
      await drive(tick);
      expect(clock.elapsed).toBe(100);
      await drive(tick);
      expect(clock.elapsed).toBe(100);
    });
  });
});

test("sleeps end in the order of their deadlines, fractions included; equal ones in the order set", async () => {
  await virtual(async () => {
    const order: string[] = [];
    const asleep: Promise<unknown>[] = [];
    const delays = [5, 3.75, 3.25, 3.5, 5, 100, 3.25, 70, 5, 4096, 64, 3.75];
    delays.forEach((ms, i) => void asleep.push(sleep(ms).then(() => order.push(`${ms} #${i}`))));
    await Promise.all(asleep);
    const expected = delays.map((ms, i) => ({ ms, i })).sort((a, b) => a.ms - b.ms || a.i - b.i);
    expect(order).toEqual(expected.map(({ ms, i }) => `${ms} #${i}`));
  });
});

test("equal deadlines end in the order set, whatever the wheel has seen between", async () => {
  await virtual(async (clock) => {
    const order: number[] = [];
    const at = clock.now() + 10 * DAY;
    const asleep: Promise<unknown>[] = [];
    for (const day of [0, 1, 4, 7, 9, 9.9]) {
      await sleep(day * DAY - clock.elapsed);
      asleep.push(sleep(at - clock.now()).then(() => order.push(day)));
    }
    await Promise.all(asleep);
    expect(order).toEqual([0, 1, 4, 7, 9, 9.9]);
  });
});

test("10⁶ pending timers cost one host timer", async () => {
  const host = new VirtualHost();
  const timers = new Timers({ host, isIdle: false, wantDrain() {} });
  const events: string[] = [];
  const waiters: FakeWaiter<void>[] = [];
  for (let i = 0; i < 1_000_000; i++) {
    const deadline = { deadline: host.now() + 50 + ((i * 7919) % 1_000_000) } as Deadline;
    const waiter = new FakeWaiter<void>(i, events, deadline);
    timers.add(waiter, deadline);
    waiters.push(waiter);
  }
  timers.arm();
  expect([timers.size, host.timers, host.timersSet]).toEqual([1_000_000, 1, 1]);
  for (let i = 0; i < 999_999; i++) timers.remove(waiters[i] as FakeWaiter<void>);
  expect([timers.size, host.timers, events.length]).toEqual([1, 1, 0]);
  while (timers.size > 0) {
    host.jump();
    timers.arm();
  }
  expect(events).toEqual(["999999 woken"]);
  expect(host.timers).toBe(0);
});

test("the process is held exactly while somebody who is no daemon sleeps", async () => {
  await virtual(async ({ host }) => {
    const daemon = spawn(() => sleep(DAY), { daemon: true });
    const token = new CancellationToken();
    const parked = select({ never: recv(chan<never>()), over: sleep(10 * DAY, { signal: token }) }).then(() => {});
    await sleep(1);
    expect([host.timers, host.heldTimers]).toEqual([1, 1]);
    token.cancel();
    await parked.catch(() => {});
    expect([host.timers, host.heldTimers]).toEqual([1, 0]);
    const again = sleep(5);
    await again;
    daemon.abort();
    await daemon.settled();
    expect(host.heldTimers).toBe(0);
  });
});

test("a far deadline is met while nearer ones keep the wheel busy", async () => {
  await virtual(async (clock) => {
    const week = sleep(7 * DAY).then(() => clock.elapsed / DAY);
    // Each is set in the drain that ends the one before.
    const others = spawn(function* () {
      const days: number[] = [];
      for (let i = 0; i < 3; i++) {
        yield* sleep(5 * DAY);
        days.push(clock.elapsed / DAY);
      }
      return days;
    });
    expect([await week, await others]).toEqual([7, [5, 10, 15]]);
  });
});

test("the clock is read afresh outside of drains: what has come due since is ready", async () => {
  await virtual(async ({ host }) => {
    const long = sleep(10_000).then(() => {});
    await sleep(20);
    const stop = sleep(200);
    const poll = (): Promise<string> => select({ stop }, { default: () => 0 }).then(({ key }) => key);
    expect(await poll()).toBe("default");
    host.skip(199);
    expect(await poll()).toBe("default");
    host.skip(1);
    expect(await poll()).toBe("stop");
    await long;
  });
});

test("a host that is late, or suspended for days, wakes everybody who is due, and nobody else", async () => {
  await virtual(async (clock) => {
    const order: number[] = [];
    const days = [1, 30, 2, 90, 8];
    const asleep = days.map((day) => sleep(day * DAY).then(() => order.push(day)));
    await sleep(1);
    clock.host.skip(40 * DAY);
    await sleep(0);
    await Promise.all(asleep.slice(0, 3));
    expect(order).toEqual([1, 2, 8, 30]);
    await Promise.all(asleep);
    expect(order).toEqual([1, 2, 8, 30, 90]);
  });
});

test("sleepUntil takes dates and numbers, past ones at once", async () => {
  await virtual(async (clock) => {
    await sleepUntil(clock.host.wallClock() + 5000);
    expect(clock.elapsed).toBe(5000);
    await sleepUntil(new Date(clock.host.wallClock() + 7));
    expect(clock.elapsed).toBe(5007);
    await sleepUntil(0);
    expect(clock.elapsed).toBe(5007);
  });
});

test("bad durations are refused where the call is made", () => {
  expect(() => sleep(-1)).toThrow(new RangeError("ms must be a number of milliseconds, 0 or more, not -1"));
  expect(() => sleep(Number.NaN)).toThrow(RangeError);
  expect(() => sleep("5" as never)).toThrow(new TypeError('ms must be a number of milliseconds, 0 or more, not "5"'));
  expect(() => sleepUntil(new Date(Number.NaN))).toThrow(RangeError);
  expect(() => sleepUntil({} as never)).toThrow(TypeError);
  expect(() => timeout(-1, recv(chan()))).toThrow(RangeError);
});

test("on the real clock, a sleep is never early", async () => {
  const asleep = Array.from({ length: 200 }, async (_, i) => {
    const ms = (i % 40) * 0.7;
    const before = performance.now();
    await sleep(ms);
    return performance.now() - before - ms;
  });
  for (const late of await Promise.all(asleep)) expect(late).toBeGreaterThanOrEqual(0);
  expect(defaultScheduler.timers.size).toBe(0);
});
