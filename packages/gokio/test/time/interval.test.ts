import { describe, expect, test } from "vitest";
import { CancelledError, ClosedError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { type Interval, interval, type MissedTicks, tick } from "../../src/time/interval.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { drivers } from "../support/drivers.ts";
import { moment } from "../support/moment.ts";
import { type VirtualClock, virtual } from "../support/virtual.ts";

/** Takes `count` ticks, working `work[i]` ms after the i-th; when each was taken, and when it was due, from the start. */
async function taken(
  clock: VirtualClock,
  ticks: Interval,
  work: readonly number[],
  drive: (op: ReturnType<typeof tick>) => Promise<number> = async (op) => op,
): Promise<[taken: number, due: number][]> {
  const start = clock.now();
  const seen: [number, number][] = [];
  for (const ms of work) {
    const due = await drive(tick(ticks));
    seen.push([clock.now() - start, due - start]);
    await sleep(ms);
  }
  return seen;
}

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("the first tick comes at once, and the work counts", async () => {
    await virtual(async (clock) => {
      const ticks = interval(10);
      expect(await taken(clock, ticks, [3, 9, 0, 10, 0], drive)).toEqual([
        [0, 0],
        [10, 10],
        [20, 20],
        [30, 30],
        [40, 40],
      ]);
    });
  });

  test("several that wait get a tick each, in the order they came", async () => {
    await virtual(async (clock) => {
      const ticks = interval(10, { first: 10 });
      const from = clock.now();
      const seen: string[] = [];
      const waits = ["a", "b", "c"].map(async (name) => seen.push(`${name} ${(await drive(tick(ticks))) - from}`));
      await Promise.all(waits);
      expect(seen).toEqual(["a 10", "b 20", "c 30"]);
    });
  });

  test("a cancelled wait takes no tick, and leaves no timer", async () => {
    await virtual(async (clock) => {
      const ticks = interval(10, { first: 10 });
      const from = clock.now();
      const [a, b] = [start(tick(ticks)), start(tick(ticks))];
      await moment();
      expect(clock.scheduler.timers.size).toBe(1);
      a.cancel();
      expect(await b.end).toEqual({ status: "ok", value: from + 10 });
      const c = start(tick(ticks));
      await moment();
      c.cancel();
      expect(clock.scheduler.timers.size).toBe(0);
      expect((await drive(tick(ticks))) - from).toBe(20);
      await Promise.all([a.end, c.end]);
    });
  });

  test("disposing fails those who wait, and those who come", async () => {
    await virtual(async ({ scheduler }) => {
      const ticks = interval(10, { first: 10 });
      const wait = start(tick(ticks));
      await moment();
      ticks[Symbol.dispose]();
      ticks[Symbol.dispose]();
      const ended = await wait.end;
      expect((ended as { error: unknown }).error).toBeInstanceOf(ClosedError);
      expect(scheduler.timers.size).toBe(0);
      await expect(drive(tick(ticks))).rejects.toThrow("interval is closed");
    });
  });
});

describe("a tick that was missed", () => {
  // Every 50 ms; after the second tick nobody is there for 170 ms.
  const work = [10, 170, 5, 5, 5, 5, 5];
  const cases: [MissedTicks, [number, number][]][] = [
    [
      "burst",
      [
        [0, 0],
        [50, 50],
        [220, 100],
        [225, 150],
        [230, 200],
        [250, 250],
        [300, 300],
      ],
    ],
    [
      "delay",
      [
        [0, 0],
        [50, 50],
        [220, 100],
        [270, 270],
        [320, 320],
        [370, 370],
        [420, 420],
      ],
    ],
    [
      "skip",
      [
        [0, 0],
        [50, 50],
        [220, 100],
        [250, 250],
        [300, 300],
        [350, 350],
        [400, 400],
      ],
    ],
  ];

  test.each(cases)("%s", async (missed, expected) => {
    await virtual(async (clock) => {
      expect(await taken(clock, interval(50, { missed }), work)).toEqual(expected);
    });
  });

  test.each(["burst", "delay", "skip"] as const)("%s: up to 5 ms late is not missed", async (missed) => {
    await virtual(async (clock) => {
      expect(await taken(clock, interval(50, { missed }), [55, 0, 0])).toEqual([
        [0, 0],
        [55, 50],
        [100, 100],
      ]);
    });
    await virtual(async (clock) => {
      const third = { burst: 100, delay: 106, skip: 100 }[missed];
      expect((await taken(clock, interval(50, { missed }), [56, 0, 0]))[2]).toEqual([third, third]);
    });
  });

  test("skip: a tick taken at a multiple of the period is followed by the next", async () => {
    await virtual(async (clock) => {
      expect(await taken(clock, interval(10, { missed: "skip" }), [30, 0, 0])).toEqual([
        [0, 0],
        [30, 10],
        [40, 40],
      ]);
    });
  });

  test("burst is the default", async () => {
    await virtual(async (clock) => {
      expect(await taken(clock, interval(10), [35, 0, 0, 0])).toEqual([
        [0, 0],
        [35, 10],
        [35, 20],
        [35, 30],
      ]);
    });
  });

  test("a process that slept through several wakes one waiter after the other", async () => {
    await virtual(async (clock) => {
      const ticks = interval(10, { first: 10, missed: "delay" });
      const from = clock.now();
      const waits = [ticks.tick(), ticks.tick()];
      await moment();
      clock.host.skip(95);
      expect((await waits[0]) as number).toBe(from + 10);
      expect((await waits[1]) as number).toBe(from + 105);
      expect(clock.elapsed).toBe(105);
    });
  });
});

describe("reset", () => {
  test("makes the next tick come a period from now, and the others from there", async () => {
    await virtual(async (clock) => {
      const ticks = interval(10);
      const from = clock.now();
      await ticks.tick();
      await sleep(7);
      ticks.reset();
      expect([await ticks.tick(), await ticks.tick()].map((at) => at - from)).toEqual([17, 27]);
      ticks.reset(0);
      expect((await ticks.tick()) - from).toBe(27);
      ticks.reset(3);
      expect([await ticks.tick(), await ticks.tick()].map((at) => at - from)).toEqual([30, 40]);
    });
  });

  test("reaches those who wait", async () => {
    await virtual(async (clock) => {
      const ticks = interval(1000, { first: 1000 });
      const from = clock.now();
      const waiting = ticks.tick();
      await sleep(5);
      ticks.reset(20);
      expect((await waiting) - from).toBe(25);
      const next = ticks.tick();
      await sleep(1);
      ticks.reset(0);
      expect((await next) - from).toBe(26);
      expect(clock.elapsed).toBe(26);
    });
  });
});

test("the method is eager, the free function lazy", async () => {
  await virtual(async (clock) => {
    const ticks = interval(10);
    const from = clock.now();
    const op = tick(ticks);
    void ticks.tick();
    expect((await op) - from).toBe(10);
    await expect(ticks.tick({ signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    expect((await op) - from).toBe(20);
  });
});

test("iteration gives ticks until the interval is disposed; leaving early loses none", async () => {
  await virtual(async (clock) => {
    const ticks = interval(10);
    const from = clock.now();
    for await (const at of ticks) if (at - from === 20) break;
    const seen: number[] = [];
    setTickEnd(ticks, 25);
    for await (const at of ticks) seen.push(at - from);
    expect(seen).toEqual([30, 40]);
    expect(clock.elapsed).toBe(45);
  });
});

function setTickEnd(ticks: Interval, ms: number): void {
  spawn(async () => {
    await sleep(ms);
    ticks[Symbol.dispose]();
  });
}

test("a lost select and a timeout take no tick", async () => {
  await virtual(async (clock) => {
    const ticks = interval(10, { first: 10 });
    const from = clock.now();
    expect((await select({ tick: tick(ticks), first: sleep(5) })).key).toBe("first");
    await expect(timeout(3, tick(ticks))).rejects.toMatchObject({ name: "TimeoutError" });
    expect((await ticks.tick()) - from).toBe(10);
  });
});

test("an interval that nobody waits for has no timer", async () => {
  await virtual(async ({ scheduler }) => {
    const all = Array.from({ length: 1000 }, () => interval(1));
    expect([scheduler.timers.size, all.length]).toEqual([0, 1000]);
  });
});

test("waiting holds the process for as long as one waits that is no daemon", async () => {
  await virtual(async ({ host }) => {
    const ticks = interval(10, { first: 10 });
    const task = spawn(() => ticks.tick());
    await moment();
    const daemon = spawn(() => ticks.tick(), { daemon: true });
    await moment();
    expect([host.timers, host.heldTimers]).toEqual([1, 1]);
    task.abort();
    await moment();
    expect([host.timers, host.heldTimers]).toEqual([1, 0]);
    await daemon;
    await task.settled();
  });
});

test("an infinite period ticks once", async () => {
  await virtual(async () => {
    const ticks = interval(Number.POSITIVE_INFINITY);
    await ticks.tick();
    await expect(timeout(1e9, tick(ticks))).rejects.toMatchObject({ name: "TimeoutError" });
  });
});

test.each([0, -1, Number.NaN])("refuses a period of %d ms", (ms) => {
  expect(() => interval(ms)).toThrow(RangeError);
});

test("bad arguments are refused at the call", () => {
  expect(() => interval("1s" as never)).toThrow("ms must be a number of milliseconds");
  expect(() => interval(1, { missed: "later" as never })).toThrow(
    'missed must be "burst", "delay" or "skip", not "later"',
  );
  expect(() => interval(1, { first: -1 })).toThrow(RangeError);
  expect(() => interval(1, null as never)).toThrow(new TypeError("options must be an object, not null"));
  expect(() => interval(1).reset(Number.NaN)).toThrow(RangeError);
  expect(() => tick({} as never)).toThrow("interval must be an Interval, not an object");
});
