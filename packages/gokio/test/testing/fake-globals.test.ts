/** The platform's clocks and timers in simulations that asked for them, and everywhere else. */
import * as timers from "node:timers";
import { setTimeout as setTimeoutOfNode } from "node:timers";
import * as promises from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { chan, interval, sleep, spawn } from "../../src/index.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { LeftoverError, RealIoError, type Sim, simulate } from "../../src/testing/index.ts";

const HOUR = 3_600_000;
const fakeTimers = true;

/** Runs `body` with faked timers. */
const fake = <T>(body: (sim: Sim) => Promise<T>): Promise<T> =>
  simulate<Promise<T>>(body as never, { fakeTimers }) as Promise<T>;

describe("timers", () => {
  test("follow the clock, among the waits of gokio", async () => {
    const seen = await fake(async (sim) => {
      const seen: string[] = [];
      const note = (what: string) => seen.push(`${what} ${sim.elapsed}`);
      setTimeout(note, 20, "timeout");
      spawn(async () => sleep(10).then(() => note("sleep")));
      await new Promise<void>((resolve) => setTimeout(resolve, HOUR));
      note("end");
      return seen;
    });
    expect(seen).toEqual(["sleep 10", "timeout 20", `end ${HOUR}`]);
  });

  test("of one time fire in the order set, each followed by what it led to", async () => {
    const seen = await fake(async () => {
      const seen: string[] = [];
      for (const name of ["a", "b"]) {
        setTimeout(() => {
          seen.push(name);
          void Promise.resolve().then(() => seen.push(`${name}'s promise`));
        }, 5);
      }
      await sleep(6);
      return seen;
    });
    expect(seen).toEqual(["a", "a's promise", "b", "b's promise"]);
  });

  test("repeat until they are cleared, from inside or from outside", async () => {
    const seen = await fake(async (sim) => {
      const seen: number[] = [];
      const handle = setInterval(() => {
        seen.push(sim.elapsed);
        if (seen.length === 3) clearInterval(handle);
      }, 10);
      await sleep(100);
      const other = setInterval(() => seen.push(-1), 10);
      clearTimeout(other);
      await sleep(100);
      return seen;
    });
    expect(seen).toEqual([10, 20, 30]);
  });

  test("are cleared by the object, by its number, and by nothing else", async () => {
    const seen = await fake(async () => {
      const seen: string[] = [];
      clearTimeout(setTimeout(() => seen.push("object"), 1));
      clearTimeout(Number(setTimeout(() => seen.push("number"), 1)));
      clearTimeout(String(Number(setTimeout(() => seen.push("text"), 1))));
      setTimeout(() => seen.push("kept"), 1);
      for (const nothing of [undefined, null, 0, 1, "x"]) clearTimeout(nothing as never);
      await sleep(2);
      return seen;
    });
    expect(seen).toEqual(["kept"]);
  });

  test("can be set anew, held and let go", async () => {
    const seen = await fake(async (sim) => {
      const seen: unknown[] = [];
      const timer = setTimeout(() => seen.push(sim.elapsed), 10);
      await sleep(8);
      expect(timer.refresh()).toBe(timer);
      await sleep(8);
      seen.push("still set");
      await sleep(8);
      timer.refresh();
      await sleep(10);
      seen.push(timer.hasRef(), timer.unref().hasRef(), timer.ref().hasRef());
      return seen;
    });
    expect(seen).toEqual(["still set", 18, 34, true, false, true]);
  });

  test.each([0, -5, Number.NaN, undefined, 2 ** 31, "7.9", 1.9])("wait as the platform's would: %s", async (ms) => {
    const elapsed = await fake(async (sim) => {
      await new Promise((resolve) => setTimeout(resolve, ms as number));
      return sim.elapsed;
    });
    expect(elapsed).toBe(ms === "7.9" ? 7 : 1);
  });

  test("what a callback throws fails the simulation", async () => {
    const failing = fake(async () => {
      setTimeout(() => {
        throw new Error("in a callback");
      }, 5);
      await sleep(HOUR);
    });
    await expect(failing).rejects.toThrow("in a callback");
  });

  test("work in generator tasks, and call back in the simulation", async () => {
    const seen = await simulate(
      function* (sim) {
        const seen: unknown[] = [];
        const ch = chan<number>(1);
        setTimeout(async () => {
          seen.push(new Date().getUTCFullYear());
          await sleep(5);
          await ch.send(sim.elapsed);
        }, 10);
        yield* sleep(20);
        seen.push(ch.tryRecv());
        return seen;
      },
      { fakeTimers },
    );
    expect(seen).toEqual([2020, { done: false, value: 15 }]);
  });

  test("that are left are named, unless they hold nothing", async () => {
    const left = fake(async () => {
      setInterval(() => {}, 1000);
      setTimeout(() => {}, 50);
    });
    await expect(left).rejects.toThrow(LeftoverError);
    await expect(left).rejects.toThrow("setInterval(1000)\n  setTimeout(50)");
    await fake(async () => {
      setInterval(() => {}, 1000).unref();
    });
  });
});

describe("timers of Node's modules", () => {
  test("follow the clock, however they were imported", async () => {
    const seen = await fake(async (sim) => {
      await new Promise<void>((resolve) => setTimeoutOfNode(resolve, 10));
      await new Promise<void>((resolve) => timers.setTimeout(resolve, 10));
      const value = await promises.setTimeout(10, "value");
      await promises.scheduler.wait(10);
      await promisify(setTimeout)(10);
      let ticks = 0;
      for await (const tick of promises.setInterval(10, "tick")) {
        expect(tick).toBe("tick");
        if (++ticks === 5) break;
      }
      return [sim.elapsed, value];
    });
    expect(seen).toEqual([100, "value"]);
  });

  test("are given up when their signal aborts", async () => {
    const seen = await fake(async (sim) => {
      const controller = new AbortController();
      const { signal } = controller;
      const late = promises
        .setTimeout(HOUR, "late", { signal })
        .catch((error) => [error.name, error.code, error.cause]);
      await sleep(5);
      controller.abort("enough");
      const before = promises.setTimeout(HOUR, "late", { signal }).catch((error) => error.name);
      return [await late, await before, sim.elapsed];
    });
    expect(seen).toEqual([["AbortError", "ABORT_ERR", "enough"], "AbortError", 5]);
  });

  test("AbortSignal.timeout follows the clock", async () => {
    const seen = await fake(async (sim) => {
      const signal = AbortSignal.timeout(1000);
      const error = await sleep(HOUR, { signal }).then(String, (error) => error.name);
      return [error, signal.aborted, signal.reason.name, sim.elapsed];
    });
    expect(seen).toEqual(["TimeoutError", true, "TimeoutError", 1000]);
  });
});

describe("clocks", () => {
  test("show the time of the simulation", async () => {
    const startsAt = Date.UTC(2000, 1, 29);
    const seen = await simulate(
      async (sim) => {
        const started = performance.now();
        await sleep(HOUR);
        expect(Date().startsWith(new Date(startsAt + HOUR).toString().slice(0, 24))).toBe(true);
        return [new Date().toISOString(), Date.now() - startsAt, performance.now() - started, sim.now - Date.now()];
      },
      { fakeTimers, startsAt },
    );
    expect(seen).toEqual(["2000-02-29T01:00:00.000Z", HOUR, HOUR, 0]);
  });

  test("dates are the platform's own", async () => {
    await fake(async () => {
      const date = new Date(0);
      expect(date).toBeInstanceOf(Date);
      expect(Object.prototype.toString.call(date)).toBe("[object Date]");
      expect([new Date("2001-02-03").getUTCDate(), Date.UTC(1970, 0), Date.parse("1970-01-01")]).toEqual([3, 0, 0]);
      class Deadline extends Date {}
      expect(new Deadline()).toBeInstanceOf(Deadline);
      expect(new Deadline().getUTCFullYear()).toBe(2020);
    });
  });
});

describe("everybody else", () => {
  const before = [
    globalThis.setTimeout,
    globalThis.clearInterval,
    globalThis.Date,
    timers.setInterval,
    AbortSignal.timeout,
  ];
  const now = (): unknown[] => [
    globalThis.setTimeout,
    globalThis.clearInterval,
    globalThis.Date,
    timers.setInterval,
    AbortSignal.timeout,
  ];

  test("has the platform's, before, meanwhile and after", async () => {
    const real = performance.now();
    let isOver = false;
    const inside = fake(async () => {
      while (!isOver) await sleep(HOUR);
    });
    expect(now()).not.toEqual(before);
    expect(new Date().getUTCFullYear()).toBeGreaterThan(2020);
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
    await promises.setTimeout(1);
    expect(performance.now() - real).toBeLessThan(HOUR);
    expect(performance.now()).toBeGreaterThan(real);
    isOver = true;
    await inside;
    for (const [i, each] of now().entries()) expect(each).toBe(before[i]);
    expect(Object.hasOwn(performance, "now")).toBe(false);
    expect(Object.keys(defaultScheduler.host)).not.toContain("timer");
  });

  test("a simulation that did not ask has the platform's, which it may not use", async () => {
    const running = fake(async () => sleep(HOUR));
    await expect(simulate(async () => new Promise((resolve) => setTimeout(resolve, 1)))).rejects.toThrow(RealIoError);
    const year = simulate(async () => new Date().getUTCFullYear());
    expect(await year).toBeGreaterThan(2020);
    await running;
  });

  test("has another clock in each simulation", async () => {
    const ends = await Promise.all(
      [1, 2, 3].map((n) =>
        simulate(
          async () => {
            for (let i = 0; i < 50; i++) await promises.setTimeout(n);
            return Date.now();
          },
          { fakeTimers, startsAt: n * HOUR },
        ),
      ),
    );
    expect(ends).toEqual([1, 2, 3].map((n) => n * HOUR + 50 * n));
  });

  test("the kernel's own host goes by the machine, whoever calls it", async () => {
    const { host } = defaultScheduler;
    const before = [host.now(), host.wallClock()] as const;
    const seen = await fake(async () => {
      await sleep(HOUR);
      const seen = [host.now() - before[0], host.wallClock() - before[1]];
      host.timer?.(() => {}, HOUR).cancel();
      return seen;
    }).catch((error) => error);
    // A timer of the machine, set from in here, is real work.
    expect(seen).toBeInstanceOf(RealIoError);
    const clocks = await fake(async () => {
      await sleep(HOUR);
      return [host.now() - before[0], host.wallClock() - before[1]];
    });
    for (const passed of clocks) expect(passed >= 0 && passed < HOUR).toBe(true);
  });

  test("a program outside that is woken from inside keeps its time", async () => {
    const ch = chan<number>();
    const outside = spawn(async () => {
      const got: number[] = [];
      for await (const n of ch) got.push(n);
      const real = performance.now();
      for await (const _ of interval(1)) if (performance.now() - real > 2) return got;
      return got;
    });
    await fake(async () => {
      for (let n = 0; n < 3; n++) {
        await ch.send(n);
        await sleep(HOUR);
      }
      ch.close();
    });
    expect(await outside).toEqual([0, 1, 2]);
  });
});
