import { describe, expect, test } from "vitest";
import { CancelledError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { acquire } from "../../src/sync/acquire.ts";
import { RateLimiter } from "../../src/sync/rate-limiter.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { Delegate } from "../support/delegate.ts";
import { drivers } from "../support/drivers.ts";
import { moment } from "../support/moment.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("starts full, and then goes at its rate, exactly", async () => {
    await virtual(async (clock) => {
      const limiter = new RateLimiter({ limit: 10, per: 1000, burst: 3 });
      const at: number[] = [];
      for (let i = 0; i < 8; i++) {
        await drive(acquire(limiter));
        at.push(clock.elapsed);
      }
      expect(at).toEqual([0, 0, 0, 100, 200, 300, 400, 500]);
    });
  });

  test("a rate that does not divide evenly does not drift", async () => {
    await virtual(async (clock) => {
      const limiter = new RateLimiter({ limit: 3, burst: 1 });
      await drive(acquire(limiter));
      const at: number[] = [];
      for (let i = 0; i < 6; i++) {
        await drive(acquire(limiter));
        at.push(clock.elapsed);
      }
      expect(at).toEqual([334, 667, 1000, 1334, 1667, 2000]);
    });
  });

  test("a large request waits for all of it, and a small one never overtakes it", async () => {
    await virtual(async (clock) => {
      const limiter = new RateLimiter({ limit: 10, per: 100, burst: 5 });
      await drive(acquire(limiter, 4));
      const order: string[] = [];
      const large = drive(acquire(limiter, 5)).then(() => order.push(`large at ${clock.elapsed}`));
      await moment();
      // One is there, and would do for the small one.
      expect([limiter.available, limiter.tryAcquire()]).toEqual([1, false]);
      const small = drive(acquire(limiter, 1)).then(() => order.push(`small at ${clock.elapsed}`));
      await Promise.all([large, small]);
      expect(order).toEqual(["large at 40", "small at 50"]);
    });
  });

  test("a cancelled head takes nothing, and those behind it are served", async () => {
    await virtual(async (clock) => {
      const limiter = new RateLimiter({ limit: 10, per: 100, burst: 5 });
      await drive(acquire(limiter, 4));
      const large = start(acquire(limiter, 5));
      await moment();
      const small = start(acquire(limiter, 1));
      await moment();
      large.cancel();
      expect(await large.end).toEqual({ status: "cancelled" });
      expect((await small.end).status).toBe("ok");
      expect([clock.elapsed, limiter.available]).toEqual([0, 0]);
    });
  });

  test("one cancelled in the middle does not hold up the others", async () => {
    await virtual(async (clock) => {
      const limiter = new RateLimiter({ limit: 10, per: 100, burst: 1 });
      await drive(acquire(limiter));
      const waits = [];
      for (let i = 0; i < 3; i++) {
        waits.push(start(acquire(limiter)));
        await moment();
      }
      waits[1]?.cancel();
      await waits[2]?.end;
      expect([clock.elapsed, waits[0]?.ended?.status]).toEqual([20, "ok"]);
    });
  });

  test("when everybody has left, no timer is", async () => {
    await virtual(async ({ scheduler }) => {
      const limiter = new RateLimiter({ limit: 1 });
      await drive(acquire(limiter));
      const waits = [start(acquire(limiter)), start(acquire(limiter))];
      await moment();
      expect(scheduler.timers.size).toBe(1);
      for (const wait of waits) wait.cancel();
      expect(scheduler.timers.size).toBe(0);
      await Promise.all(waits.map((wait) => wait.end));
    });
  });
});

test("the bucket fills while nobody looks, up to its burst", async () => {
  await virtual(async () => {
    const limiter = new RateLimiter({ limit: 4, per: 100, burst: 8 });
    expect(limiter.tryAcquire(8)).toBe(true);
    await sleep(60);
    expect(limiter.available).toBe(2);
    await sleep(10_000);
    expect([limiter.available, limiter.burst]).toEqual([8, 8]);
    expect([limiter.tryAcquire(8), limiter.tryAcquire()]).toEqual([true, false]);
  });
});

test("never more than the burst and the rate allow, to the tick, in any stretch of time", async () => {
  await virtual(async (clock) => {
    const [limit, per, burst] = [7, 90, 4];
    const limiter = new RateLimiter({ limit, per, burst });
    const at: number[] = [];
    const worker = function* () {
      for (let i = 0; i < 50; i++) {
        yield* acquire(limiter);
        at.push(clock.elapsed);
        if (i % 10 === 9) yield* sleep(37);
      }
    };
    for (const task of [1, 2, 3].map(() => spawn(worker))) await task;
    expect(at.length).toBe(150);
    for (let from = 0; from < at.length; from++) {
      for (let to = from; to < at.length; to++) {
        const ms = (at[to] as number) - (at[from] as number);
        expect(to - from + 1).toBeLessThanOrEqual(burst + (limit * (ms + 1)) / per);
      }
    }
  });
});

test("a process that was held up does not make up for it in one burst", async () => {
  await virtual(async (clock) => {
    const limiter = new RateLimiter({ limit: 10, per: 100, burst: 2 });
    await limiter.acquire(2);
    const at: number[] = [];
    const waits = Array.from({ length: 6 }, () => limiter.acquire().then(() => at.push(clock.elapsed)));
    await moment();
    clock.host.skip(500);
    await Promise.all(waits);
    expect(at).toEqual([500, 500, 505, 515, 525, 535]);
  });
});

test("a thousand waiters have one timer", async () => {
  await virtual(async ({ scheduler, host }) => {
    const limiter = new RateLimiter({ limit: 1000, burst: 1 });
    const waits = Array.from({ length: 1000 }, () => limiter.acquire());
    await moment();
    expect([scheduler.timers.size, host.timers]).toEqual([1, 1]);
    await Promise.all(waits);
  });
});

test("a clock with fractions does not make it spin", async () => {
  await virtual(async ({ host }) => {
    host.skip(0.1);
    const limiter = new RateLimiter({ limit: 3, per: 0.7, burst: 2 });
    host.skip(1 / 3);
    for (let i = 0; i < 100; i++) await limiter.acquire(2);
    expect(host.timersSet).toBeLessThan(250);
  });
});

test("a lost select and a timeout take nothing", async () => {
  await virtual(async (clock) => {
    const limiter = new RateLimiter({ limit: 1, per: 100 });
    await limiter.acquire();
    expect((await select({ token: acquire(limiter), late: sleep(50) })).key).toBe("late");
    await expect(timeout(40, acquire(limiter))).rejects.toMatchObject({ name: "TimeoutError" });
    await limiter.acquire();
    expect(clock.elapsed).toBe(100);
    await expect(limiter.acquire(1, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    await sleep(100);
    expect(limiter.available).toBe(1);
  });
});

test("waiting holds the process, unless it is a daemon's", async () => {
  await virtual(async ({ host }) => {
    const limiter = new RateLimiter({ limit: 1, per: 100 });
    await limiter.acquire();
    const daemon = spawn(() => limiter.acquire(), { daemon: true });
    await moment();
    expect([host.timers, host.heldTimers]).toEqual([1, 0]);
    const other = limiter.acquire();
    await moment();
    expect(host.heldTimers).toBe(1);
    await daemon;
    await other;
  });
});

test.each([
  [{ limit: 0 }, RangeError],
  [{ limit: 1.5 }, RangeError],
  [{ limit: "1" }, TypeError],
  [{ limit: 1, per: 0 }, RangeError],
  [{ limit: 1, per: -1 }, RangeError],
  [{ limit: 1, per: Number.NaN }, RangeError],
  [{ limit: 1, per: Number.POSITIVE_INFINITY }, RangeError],
  [{ limit: 1, per: "1s" }, TypeError],
  [{ limit: 1, burst: 0 }, RangeError],
  [{ limit: 1, per: 1e308, burst: 10 }, RangeError],
  [{ limit: 2 ** 53 - 1 }, RangeError],
  [{ limit: 1, per: 7, burst: 2 ** 53 - 1 }, RangeError],
  [undefined, TypeError],
  [null, TypeError],
  [5, TypeError],
] as const)("refuses %o", (options, error) => {
  expect(() => new RateLimiter(options as never)).toThrow(error);
});

test("a request for more than the burst is refused at the call", () => {
  const limiter = new RateLimiter({ limit: 5, burst: 2 });
  expect(() => limiter.acquire(3)).toThrow("n must be a whole number from 1 to 2, not 3");
  expect(() => acquire(limiter, 0)).toThrow(RangeError);
  expect(() => limiter.tryAcquire(2.5)).toThrow(RangeError);
});

test("what cannot be counted exactly, and options that are none, are refused by name", () => {
  expect(() => new RateLimiter({ limit: 1, per: 2 ** 50, burst: 8 })).toThrow(
    `burst × per must be less than 2⁵³ to be counted exactly, not 8 × ${2 ** 50}`,
  );
  expect(new RateLimiter({ limit: 1, per: 2 ** 50, burst: 7 }).available).toBe(7);
  expect(() => new RateLimiter(null as never)).toThrow(new TypeError("options must be an object, not null"));
});

describe("setLimit", () => {
  test("changes the rate from now on; what is in the bucket stays", async () => {
    await virtual(async (clock) => {
      const limiter = new RateLimiter({ limit: 10, per: 100, burst: 4 });
      expect(limiter.tryAcquire(4)).toBe(true);
      await sleep(20);
      limiter.setLimit(1, 50);
      expect(limiter.available).toBe(2);
      await sleep(49);
      expect(limiter.available).toBe(2);
      await sleep(1);
      expect(limiter.available).toBe(3);
      limiter.setLimit(100);
      await sleep(1000);
      expect([limiter.available, limiter.burst, clock.elapsed]).toEqual([4, 4, 1070]);
    });
  });

  test("reaches those who wait", async () => {
    await virtual(async (clock) => {
      const limiter = new RateLimiter({ limit: 1, per: 1000 });
      const served: number[] = [];
      const waits = [1, 2, 3].map(() => limiter.acquire().then(() => served.push(clock.elapsed)));
      await sleep(100);
      limiter.setLimit(10, 100);
      await Promise.all(waits);
      expect(served).toEqual([0, 109, 119]);
    });
  });

  test("refuses what the constructor does", () => {
    const limiter = new RateLimiter({ limit: 1, burst: 8 });
    expect(() => limiter.setLimit(0)).toThrow("limit must be a whole number from 1 to 9007199254740991, not 0");
    expect(() => limiter.setLimit(1, 0)).toThrow(RangeError);
    expect(() => limiter.setLimit(1, 2 ** 50)).toThrow("burst × per");
    expect(() => limiter.setLimit("1" as never)).toThrow(TypeError);
  });
});

test("a request that an operation delegates to is served", async () => {
  await virtual(async (clock) => {
    const limiter = new RateLimiter({ limit: 2, per: 10 });
    await new Delegate(acquire(limiter, 2));
    await new Delegate(acquire(limiter, 2));
    expect(clock.elapsed).toBe(10);
  });
});
