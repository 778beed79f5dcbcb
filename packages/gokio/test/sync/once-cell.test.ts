import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { select } from "../../src/select/select.ts";
import { getOrInit, OnceCell } from "../../src/sync/once-cell.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { Delegate } from "../support/delegate.ts";
import { drivers } from "../support/drivers.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { moment } from "../support/moment.ts";
import { virtual } from "../support/virtual.ts";

const FOREVER = Number.POSITIVE_INFINITY;

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("of callers that come together one makes the value, and all get it", async () => {
    await virtual(async () => {
      const cell = new OnceCell<string>();
      let runs = 0;
      const init = async (): Promise<string> => {
        await sleep(10);
        return `value ${++runs}`;
      };
      const values = await Promise.all([1, 2, 3].map(() => drive(getOrInit(cell, init))));
      expect(values).toEqual(["value 1", "value 1", "value 1"]);
      expect(await drive(getOrInit(cell, init))).toBe("value 1");
      expect([runs, cell.isSet, cell.get()]).toEqual([1, true, "value 1"]);
    });
  });

  test("a failed init fails its own caller, and the next one's is tried", async () => {
    await virtual(async () => {
      const cell = new OnceCell<string>();
      const ran: string[] = [];
      const init = (name: string, fails: boolean) => async (): Promise<string> => {
        ran.push(name);
        await sleep(1);
        if (fails) throw new Error(name);
        return name;
      };
      const waits = [];
      for (const [name, fails] of [
        ["a", true],
        ["b", true],
        ["c", false],
        ["d", false],
      ] as const) {
        waits.push(start(getOrInit(cell, init(name, fails))));
        await moment();
      }
      const ends = await Promise.all(waits.map((wait) => wait.end));
      expect(ends.map(({ status }) => status)).toEqual(["failed", "failed", "ok", "ok"]);
      expect((ends[0] as { error: Error }).error.message).toBe("a");
      expect((ends[1] as { error: Error }).error.message).toBe("b");
      expect((ends[3] as { value: string }).value).toBe("c");
      expect(ran).toEqual(["a", "b", "c"]);
    });
  });

  test("after a failure with nobody behind, the cell is as new", async () => {
    const cell = new OnceCell<number>();
    const failing = drive(
      getOrInit(cell, () => {
        throw new Error("mine");
      }),
    );
    await expect(failing).rejects.toThrow("mine");
    expect([cell.isSet, cell.get()]).toEqual([false, undefined]);
    expect(await drive(getOrInit(cell, () => 5))).toBe(5);
  });

  test("a cancelled init is aborted, and the next one's is tried once it has ended", async () => {
    await virtual(async (clock) => {
      const cell = new OnceCell<string>();
      const events: string[] = [];
      const first = start(
        getOrInit(cell, async () => {
          try {
            await sleep(FOREVER);
          } finally {
            events.push(`stops at ${clock.elapsed}`);
            await shield(() => sleep(5));
            events.push(`ends at ${clock.elapsed}`);
          }
          return "first";
        }),
      );
      await moment();
      const second = drive(
        getOrInit(cell, () => {
          events.push(`second at ${clock.elapsed}`);
          return "second";
        }),
      );
      await sleep(10);
      first.cancel();
      expect(await second).toBe("second");
      expect(await first.end).toEqual({ status: "cancelled" });
      expect(events).toEqual(["stops at 10", "ends at 15", "second at 15"]);
    });
  });

  test("a cancelled caller that only waits disturbs nobody", async () => {
    await virtual(async () => {
      const cell = new OnceCell<string>();
      const init = async (): Promise<string> => {
        await sleep(10);
        return "made";
      };
      const first = drive(getOrInit(cell, init));
      await moment();
      const second = start(getOrInit(cell, init));
      await moment();
      const third = drive(getOrInit(cell, init));
      await moment();
      second.cancel();
      expect(await second.end).toEqual({ status: "cancelled" });
      expect([await first, await third]).toEqual(["made", "made"]);
    });
  });

  test("when everybody has left, the cell is as new", async () => {
    await virtual(async () => {
      const cell = new OnceCell<string>();
      const waits = [start(getOrInit(cell, hang)), start(getOrInit(cell, hang))];
      await moment();
      for (const wait of waits) wait.cancel();
      for (const wait of waits) expect(await wait.end).toEqual({ status: "cancelled" });
      await sleep(1);
      expect(cell.set("set")).toBe(true);
      expect(await drive(getOrInit(cell, hang))).toBe("set");
    });
  });
});

async function hang(): Promise<never> {
  return (await sleep(FOREVER)) as never;
}

test("an init that ends well although it was told to stop fills the cell", async () => {
  await virtual(async () => {
    const cell = new OnceCell<string>();
    const token = new CancellationToken();
    const first = cell.getOrInit(
      async () => {
        await foreign;
        return "stubborn";
      },
      { signal: token },
    );
    let finish: () => void = () => {};
    const foreign = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const second = cell.getOrInit(() => "second");
    await moment();
    token.cancel();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    finish();
    expect(await second).toBe("stubborn");
  });
});

test("set fills an empty cell once, and not one that is being filled", async () => {
  const cell = new OnceCell<number>();
  const making = cell.getOrInit(() => 1);
  expect(cell.set(2)).toBe(false);
  expect(await making).toBe(1);
  expect(cell.set(3)).toBe(false);
  const other = new OnceCell<number | undefined>();
  expect([other.set(undefined), other.isSet, other.get()]).toEqual([true, true, undefined]);
  expect(await other.getOrInit(() => 9)).toBe(undefined);
});

test("generator functions and plain ones make values, too", async () => {
  const [a, b] = [new OnceCell<number>(), new OnceCell<number>()];
  const made = a.getOrInit(function* () {
    return (yield* getOrInit(b, () => 20)) + 1;
  });
  expect(await made).toBe(21);
});

test("a lost select cancels the init; a timeout, too", async () => {
  await virtual(async (clock) => {
    const cell = new OnceCell<string>();
    const stopped: number[] = [];
    const init = async (): Promise<string> => {
      try {
        return await hang();
      } finally {
        stopped.push(clock.elapsed);
      }
    };
    expect((await select({ value: getOrInit(cell, init), late: sleep(5) })).key).toBe("late");
    await expect(timeout(5, getOrInit(cell, init))).rejects.toMatchObject({ name: "TimeoutError" });
    await sleep(1);
    expect(stopped).toEqual([5, 10]);
    expect(await cell.getOrInit(() => "made")).toBe("made");
  });
});

test("a cleanup that fails with nobody there is reported", async () => {
  const cell = new OnceCell<string>();
  const error = new Error("cleanup");
  const caller = spawn(function* () {
    return yield* getOrInit(cell, function* () {
      try {
        yield* sleep(FOREVER);
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

test("bad arguments are refused at the call", () => {
  const cell = new OnceCell<number>();
  expect(() => cell.getOrInit(5 as never)).toThrow("init must be a function, not 5");
  expect(() => getOrInit({} as never, () => 1)).toThrow("cell must be a OnceCell, not an object");
});

test("an init holds the process for its own caller, not for a daemon", async () => {
  await virtual(async ({ host }) => {
    const init = async (): Promise<number> => {
      await sleep(1000);
      return 1;
    };
    const cell = new OnceCell<number>();
    const daemon = spawn(() => getOrInit(cell, init), { daemon: true });
    await sleep(1);
    expect([host.timers, host.heldTimers]).toEqual([1, 0]);
    daemon.abort();
    await daemon.settled();
    const waiting = cell.getOrInit(init);
    await sleep(1);
    expect(host.heldTimers).toBe(1);
    expect(await waiting).toBe(1);
  });
});

test("a caller that an operation delegates to gets the value", async () => {
  const cell = new OnceCell<number>();
  expect(await new Delegate(getOrInit(cell, async () => 5))).toBe(5);
});
