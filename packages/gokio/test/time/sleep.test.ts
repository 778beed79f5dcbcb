import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { withOptions } from "../../src/kernel/abortable.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep, sleepUntil } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("sleep, through $name", ({ drive, start }) => {
  test("takes as long as it says, from when it was made", () =>
    virtual(async (clock) => {
      const nap = sleep(100);
      await drive(sleep(40));
      expect(clock.elapsed).toBe(40);
      await drive(nap);
      expect(clock.elapsed).toBe(100);
      // Its deadline has passed: it is ready for good.
      await drive(nap);
      expect(clock.elapsed).toBe(100);
    }));

  test("a cancelled one leaves no timer, and so does one whose signal aborts", () =>
    virtual(async (clock) => {
      const token = new CancellationToken();
      const naps = [start(sleep(1000)), start(withOptions(sleep(1000), { signal: token }))];
      await yieldNow();
      await yieldNow();
      expect(clock.scheduler.timers.size).toBe(2);
      naps[0]?.cancel();
      token.cancel("why");
      expect(clock.scheduler.timers.size).toBe(0);
      expect(await naps[0]?.end).toEqual({ status: "cancelled" });
      expect(await naps[1]?.end).toMatchObject({ status: "failed", error: { cause: "why" } });
    }));

  test("sleepUntil hears its signal, too", () =>
    virtual(async (clock) => {
      const token = new CancellationToken();
      const nap = start(sleepUntil(clock.host.wallClock() + 1000, { signal: token }));
      await sleep(1);
      token.cancel("why");
      expect(await nap.end).toMatchObject({ status: "failed", error: { cause: "why" } });
      expect(clock.elapsed).toBe(1);
    }));

  test("sleepUntil takes a Date or milliseconds; what is past is ready", () =>
    virtual(async (clock) => {
      const now = clock.host.wallClock();
      await drive(sleepUntil(new Date(now + 30)));
      expect(clock.elapsed).toBe(30);
      await drive(sleepUntil(now + 50));
      expect(clock.elapsed).toBe(50);
      await drive(sleepUntil(now - 1));
      await drive(sleepUntil(new Date(0)));
      expect(clock.elapsed).toBe(50);
    }));

  test("beyond 2³¹ ms it works, and Infinity waits to be cancelled", () =>
    virtual(async (clock) => {
      const days = 60 * 24 * 3600 * 1000;
      const never = start(sleep(Number.POSITIVE_INFINITY));
      await drive(sleep(days));
      expect([clock.elapsed, never.ended]).toEqual([days, undefined]);
      never.cancel();
      expect(await never.end).toEqual({ status: "cancelled" });
    }));

  test("equal deadlines wake in the order set", () =>
    virtual(async () => {
      const order: number[] = [];
      const naps = Array.from({ length: 100 }, (_, i) => {
        const { end } = start(sleep(10));
        return end.then(() => order.push(i));
      });
      await Promise.all(naps);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }));
});

test("a sleep of 0 waits for no timer, yet others had their turn if it waits at all", () =>
  virtual(async (clock) => {
    await sleep(0);
    await spawn(function* () {
      yield* sleep(0);
    });
    expect(clock.elapsed).toBeLessThanOrEqual(1);
  }));

test("what is no time is refused at the call", () => {
  expect(() => sleep(-1)).toThrow(new RangeError("ms must be a number of milliseconds, 0 or more, not -1"));
  expect(() => sleep(Number.NaN)).toThrow(RangeError);
  expect(() => sleep("1" as never)).toThrow(TypeError);
  expect(() => sleepUntil("now" as never)).toThrow('when must be a Date or milliseconds since 1970, not "now"');
  expect(() => sleepUntil(new Date(Number.NaN))).toThrow(RangeError);
});
