import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { select } from "../../src/select/select.ts";
import { SingleFlight, share } from "../../src/sync/single-flight.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { drivers } from "../support/drivers.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { moment } from "../support/moment.ts";
import { virtual } from "../support/virtual.ts";

const FOREVER = Number.POSITIVE_INFINITY;

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("calls for one key that overlap share one run; others do not", async () => {
    await virtual(async () => {
      const flights = new SingleFlight<string, string>();
      const runs: string[] = [];
      const work = (name: string) => async (): Promise<string> => {
        runs.push(name);
        await sleep(10);
        return name;
      };
      const calls = [
        drive(share(flights, "a", work("a1"))),
        drive(share(flights, "a", work("a2"))),
        drive(share(flights, "b", work("b1"))),
      ];
      await moment();
      expect(flights.size).toBe(2);
      expect(await Promise.all(calls)).toEqual(["a1", "a1", "b1"]);
      expect(flights.size).toBe(0);
      expect(await drive(share(flights, "a", work("a3")))).toBe("a3");
      expect(runs).toEqual(["a1", "b1", "a3"]);
    });
  });

  test("an error is everybody's, and is not kept", async () => {
    await virtual(async () => {
      const flights = new SingleFlight<number, number>();
      const error = new Error("mine");
      const failing = async (): Promise<number> => {
        await sleep(1);
        throw error;
      };
      const waits = [start(share(flights, 1, failing)), start(share(flights, 1, failing))];
      for (const wait of waits) expect(await wait.end).toEqual({ status: "failed", error });
      expect(await drive(share(flights, 1, () => 5))).toBe(5);
    });
  });

  test("the work goes on while somebody is left, and is aborted when the last has gone", async () => {
    await virtual(async (clock) => {
      const flights = new SingleFlight<string, string>();
      const stopped: number[] = [];
      const work = async (): Promise<string> => {
        try {
          await sleep(100);
          return "done";
        } finally {
          stopped.push(clock.elapsed);
        }
      };
      const waits = [start(share(flights, "k", work)), start(share(flights, "k", work))];
      await sleep(10);
      waits[0]?.cancel();
      expect(await waits[0]?.end).toEqual({ status: "cancelled" });
      await sleep(10);
      expect([stopped, flights.size]).toEqual([[], 1]);
      waits[1]?.cancel();
      expect(await waits[1]?.end).toEqual({ status: "cancelled" });
      await sleep(1);
      expect([stopped, flights.size]).toEqual([[20], 0]);
    });
  });

  test("the first caller may leave without the others noticing", async () => {
    await virtual(async () => {
      const flights = new SingleFlight<string, string>();
      const work = async (): Promise<string> => {
        await sleep(10);
        return "done";
      };
      const first = start(share(flights, "k", work));
      await moment();
      const second = drive(share(flights, "k", work));
      await moment();
      first.cancel();
      expect(await second).toBe("done");
      expect(await first.end).toEqual({ status: "cancelled" });
    });
  });

  test("a forgotten key is worked on anew; those who wait get what they waited for", async () => {
    await virtual(async () => {
      const flights = new SingleFlight<string, number>();
      let runs = 0;
      const work = async (): Promise<number> => {
        const run = ++runs;
        await sleep(10);
        return run;
      };
      const first = drive(share(flights, "k", work));
      await moment();
      expect([flights.forget("k"), flights.forget("k")]).toEqual([true, false]);
      const second = start(share(flights, "k", work));
      await moment();
      const third = drive(share(flights, "k", work));
      await moment();
      second.cancel();
      expect([await first, await third, runs, flights.size]).toEqual([1, 2, 2, 0]);
    });
  });

  test("work that was forgotten ends without a trace on the work that came after it", async () => {
    await virtual(async () => {
      const flights = new SingleFlight<string, string>();
      const work = (name: string, ms: number) => async (): Promise<string> => {
        await sleep(ms);
        return name;
      };
      const first = drive(share(flights, "k", work("first", 10)));
      await moment();
      flights.forget("k");
      const second = drive(share(flights, "k", work("second", 20)));
      expect(await first).toBe("first");
      expect(await drive(share(flights, "k", work("third", 1)))).toBe("second");
      expect(await second).toBe("second");
    });
  });

  test("a call made after the last has left starts its own work", async () => {
    await virtual(async () => {
      const flights = new SingleFlight<string, string>();
      const first = start(share(flights, "k", hang));
      await moment();
      first.cancel();
      expect(await drive(share(flights, "k", () => "fresh"))).toBe("fresh");
      expect(await first.end).toEqual({ status: "cancelled" });
    });
  });
});

async function hang(): Promise<never> {
  return (await sleep(FOREVER)) as never;
}

test("the method is eager, and takes a signal", async () => {
  await virtual(async () => {
    const flights = new SingleFlight<number, number>();
    const token = new CancellationToken();
    const call = flights.do(1, hang, { signal: token });
    expect(flights.size).toBe(1);
    token.cancel();
    expect(flights.size).toBe(0);
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    const generated = flights.do(1, function* () {
      yield* sleep(1);
      return 2;
    });
    expect(await generated).toBe(2);
    await expect(flights.do(1, hang, { signal: token })).rejects.toMatchObject({ name: "AbortError" });
    expect(flights.size).toBe(0);
  });
});

test("two cases of a select share one run, which ends with them", async () => {
  await virtual(async (clock) => {
    const flights = new SingleFlight<number, string>();
    const stopped: number[] = [];
    let runs = 0;
    const work = async (): Promise<string> => {
      runs++;
      try {
        await sleep(10);
        return "done";
      } finally {
        stopped.push(clock.elapsed);
      }
    };
    const won = await select({ a: share(flights, 1, work), b: share(flights, 1, work) });
    expect([won.value, runs]).toEqual(["done", 1]);
    const late = await select({ a: share(flights, 1, work), b: share(flights, 1, work), late: sleep(5) });
    expect(late.key).toBe("late");
    await expect(timeout(5, share(flights, 1, work))).rejects.toMatchObject({ name: "TimeoutError" });
    await sleep(1);
    expect([stopped, runs, flights.size]).toEqual([[10, 15, 20], 3, 0]);
  });
});

test("keys are compared as a Map does", async () => {
  const flights = new SingleFlight<unknown, number>();
  const key = {};
  let runs = 0;
  const work = (): number => ++runs;
  const results = await Promise.all([Number.NaN, Number.NaN, key, key, {}].map((each) => flights.do(each, work)));
  expect(results).toEqual([1, 1, 2, 2, 3]);
});

test("a cleanup that fails with nobody there is reported", async () => {
  const flights = new SingleFlight<number, number>();
  const error = new Error("cleanup");
  const caller = spawn(function* () {
    return yield* share(flights, 1, function* () {
      try {
        yield* sleep(FOREVER);
        return 1;
      } finally {
        throw error;
      }
    });
  });
  const unhandled = await unhandledDuring(async () => {
    await moment();
    caller.abort();
    await caller.settled();
  });
  expect(unhandled).toEqual([error]);
});

test("an error that somebody gets is not reported as well", async () => {
  const flights = new SingleFlight<number, number>();
  const unhandled = await unhandledDuring(async () => {
    await expect(flights.do(1, () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
  });
  expect(unhandled).toEqual([]);
});

test("bad arguments are refused at the call", () => {
  expect(() => new SingleFlight().do(1, 2 as never)).toThrow("work must be a function, not 2");
  expect(() => share({} as never, 1 as never, () => 1)).toThrow("flights must be a SingleFlight, not an object");
});

test("the work holds the process for the caller that started it, not for a daemon", async () => {
  await virtual(async ({ host }) => {
    const work = async (): Promise<number> => {
      await sleep(1000);
      return 1;
    };
    const flights = new SingleFlight<string, number>();
    const daemon = spawn(() => share(flights, "a", work), { daemon: true });
    await sleep(1);
    expect([host.timers, host.heldTimers]).toEqual([1, 0]);
    daemon.abort();
    await daemon.settled();
    const waiting = flights.do("a", work);
    await sleep(1);
    expect(host.heldTimers).toBe(1);
    expect(await waiting).toBe(1);
  });
});
