import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { MisuseError } from "../../src/errors.ts";
import { ErrGroup, spawnInto } from "../../src/group/err-group.ts";
import { membersOf } from "../../src/kernel/cancel-source.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("never more than the limit at once, in the order they came", () =>
    virtual(async (clock) => {
      const group = new ErrGroup({ limit: 4 });
      let running = 0;
      let most = 0;
      const order: number[] = [];
      for (let i = 0; i < 10; i++) {
        await drive(
          spawnInto(group, async () => {
            order.push(i);
            most = Math.max(most, ++running);
            await sleep(10);
            running--;
          }),
        );
      }
      await drive(wait(group));
      expect([most, clock.elapsed, order]).toEqual([4, 30, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    }));

  test("a body starts when there is room, and its spawner goes on with it", async () => {
    const group = new ErrGroup({ limit: 1 });
    const go = chan<void>();
    const log: string[] = [];
    await drive(spawnInto(group, () => go.recv()));
    const parked = [1, 2].map((n) => start(spawnInto(group, async () => void log.push(`body ${n}`))));
    await turn();
    expect([parked.map((each) => each.ended), log, group.trySpawn(async () => {})]).toEqual([
      [undefined, undefined],
      [],
      false,
    ]);
    await go.send();
    await Promise.all(parked.map((each) => each.end));
    await drive(wait(group));
    expect(log).toEqual(["body 1", "body 2"]);
  });

  test("a cancelled spawn starts nothing, and gives up its place", async () => {
    const group = new ErrGroup({ limit: 1 });
    const go = chan<void>();
    const log: string[] = [];
    group.trySpawn(() => go.recv());
    const [first, second] = [1, 2].map((n) => start(spawnInto(group, async () => void log.push(`body ${n}`))));
    await turn();
    first?.cancel();
    await go.send();
    expect([await first?.end, await second?.end]).toEqual([
      { status: "cancelled" },
      { status: "ok", value: undefined },
    ]);
    await drive(wait(group));
    expect(log).toEqual(["body 2"]);
  });

  test("the first error cancels the rest, and is what wait throws, when all cleanup is through", () =>
    virtual(async (clock) => {
      const group = new ErrGroup();
      const log: string[] = [];
      const broken = new Error("broken");
      await drive(
        spawnInto(group, function* () {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(10);
            log.push("cleaned");
          }
        }),
      );
      await drive(
        spawnInto(group, async () => {
          await sleep(5);
          throw broken;
        }),
      );
      expect(group.signal.aborted).toBe(false);
      await expect(drive(wait(group))).rejects.toBe(broken);
      expect([clock.elapsed, log, group.signal.aborted, group.errors]).toEqual([15, ["cleaned"], true, [broken]]);
      await expect(drive(wait(group))).rejects.toBe(broken);
    }));

  test("after an error nothing is started, those in the queue go on at once, and later failures are kept", () =>
    virtual(async () => {
      const group = new ErrGroup({ limit: 2 });
      const errors = [new Error("first"), new Error("second")];
      await drive(
        spawnInto(group, async () => {
          await sleep(5);
          throw errors[0];
        }),
      );
      await drive(
        spawnInto(group, function* () {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(10);
            throw errors[1];
          }
        }),
      );
      let started = false;
      const body = async (): Promise<void> => {
        started = true;
      };
      await drive(spawnInto(group, body));
      await drive(spawnInto(group, body));
      expect([group.trySpawn(body), group.size, started]).toEqual([false, 1, false]);
      await expect(drive(wait(group))).rejects.toBe(errors[0]);
      expect([group.errors, started]).toEqual([errors, false]);
    }));

  test("a cancelled wait leaves the tasks alone", async () => {
    const group = new ErrGroup();
    const go = chan<void>();
    group.trySpawn(() => go.recv());
    const waiting = start(wait(group));
    await turn();
    waiting.cancel();
    expect((await waiting.end).status).toBe("cancelled");
    expect(group.size).toBe(1);
    await go.send();
    await drive(wait(group));
  });

  test("a limit of 0 lets nobody in, until it is changed", async () => {
    const group = new ErrGroup({ limit: 0 });
    let started = false;
    const parked = start(
      spawnInto(group, async () => {
        started = true;
      }),
    );
    await turn();
    expect([parked.ended, group.trySpawn(async () => {})]).toEqual([undefined, false]);
    group.setLimit(1);
    await parked.end;
    await drive(wait(group));
    expect(started).toBe(true);
  });
});

test("an empty group is through; a group may be used again", async () => {
  const group = new ErrGroup();
  await group.wait();
  await group.spawn(async () => {});
  await group.wait();
  expect(group.size).toBe(0);
});

test("an aborted task is no failure; nothing is unhandled", async () => {
  const seen = await unhandledDuring(async () => {
    const group = new ErrGroup();
    const own = new CancellationToken();
    await group.spawn(async () => {
      throw new Error("broken");
    });
    void own;
    await expect(group.wait()).rejects.toThrow("broken");
  });
  expect(seen).toEqual([]);
});

test("the signal option cancels the group, and wait says so", () =>
  virtual(async (clock) => {
    for (const abort of [new AbortController(), tokenController()]) {
      const group = new ErrGroup({ signal: abort.signal });
      await group.spawn(function* () {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(10);
        }
      });
      await sleep(5);
      abort.abort("enough");
      expect(group.signal.aborted).toBe(true);
      await expect(group.wait()).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    }
    expect(clock.elapsed).toBe(30);
    const late = new ErrGroup({ signal: AbortSignal.abort("before") });
    await late.spawn(() => {
      throw new Error("never started");
    });
    await expect(late.wait()).rejects.toMatchObject({ cause: "before" });
  }));

function tokenController(): { signal: CancellationToken; abort(reason: string): void } {
  const signal = new CancellationToken();
  return { signal, abort: (reason) => void signal.cancel(reason) };
}

test("a group whose work was done before it was cancelled has not failed", async () => {
  const group = new ErrGroup();
  await group.spawn(async () => {});
  await turn();
  group.cancel();
  await group.wait();
});

test("a group ends with the task that made it; disposing waits even then", () =>
  virtual(async (clock) => {
    const outer = spawn(async () => {
      await using group = new ErrGroup({ limit: 1 });
      await group.spawn(function* () {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(10);
        }
      });
      await group.spawn(async () => {
        throw new Error("never started");
      });
    });
    await sleep(5);
    outer.abort();
    expect((await outer.settled()).status).toBe("aborted");
    expect(clock.elapsed).toBe(15);
  }));

test("a spawner that is cancelled together with its group is cancelled", () =>
  virtual(async () => {
    const log: string[] = [];
    const outer = spawn(function* () {
      const group = new ErrGroup({ limit: 1 });
      yield* spawnInto(group, () => sleep(1000));
      yield* spawnInto(group, () => sleep(1000));
      log.push("went on");
    });
    await sleep(5);
    outer.abort();
    expect((await outer.settled()).status).toBe("aborted");
    expect(log).toEqual([]);
  }));

test("setLimit while tasks live is misuse", async () => {
  const group = new ErrGroup({ limit: 1 });
  await group.spawn(async () => {});
  expect(() => group.setLimit(2)).toThrow(MisuseError);
  await group.wait();
  group.setLimit(2);
  group.setLimit(Number.POSITIVE_INFINITY);
});

test("bad input", async () => {
  for (const limit of [-1, 1.5, Number.NaN]) expect(() => new ErrGroup({ limit })).toThrow(RangeError);
  expect(() => new ErrGroup({ limit: "4" as never })).toThrow(TypeError);
  expect(() => new ErrGroup({ signal: {} as never })).toThrow(TypeError);
  const group = new ErrGroup();
  expect(() => group.spawn(5 as never)).toThrow(TypeError);
  expect(() => group.trySpawn(5 as never)).toThrow(TypeError);
  expect(() => spawnInto({} as never, async () => {})).toThrow(TypeError);
  expect(() => group.setLimit(-1)).toThrow(RangeError);
});

test("a group that has come to rest is no member of anything, nor listens to its signal", async () => {
  const members = () => [...membersOf(defaultScheduler.root)].length;
  const before = members();
  const token = new CancellationToken();
  for (let i = 0; i < 100; i++) {
    const group = new ErrGroup({ limit: 2, signal: token });
    for (let n = 0; n < 5; n++) await group.spawn(async () => void (await turn()));
    if (i % 2 === 0) void group.signal;
    await group.wait();
  }
  expect([members(), [...membersOf(token)].length]).toEqual([before, 0]);
});

test("10,000 spawns, each waiting for the one before it", async () => {
  const group = new ErrGroup({ limit: 1 });
  let count = 0;
  const all = Array.from({ length: 10_000 }, () => group.spawn(async () => void count++));
  await Promise.all(all);
  await group.wait();
  expect(count).toBe(10_000);
  await expect(recv(chan(), { signal: AbortSignal.abort() })).rejects.toThrow();
});

test("those in the queue go on as soon as the group is cancelled", () =>
  virtual(async (clock) => {
    const group = new ErrGroup({ limit: 1 });
    await group.spawn(function* () {
      try {
        yield* sleep(1000);
      } finally {
        yield* sleep(10);
      }
    });
    const parked = group.spawn(async () => {}).then(() => clock.elapsed);
    await sleep(5);
    group.cancel("enough");
    expect(await parked).toBe(5);
    await expect(group.wait()).rejects.toMatchObject({ cause: "enough" });
    expect(clock.elapsed).toBe(15);
  }));

test("a group nobody waits for lets go of its surroundings, too", async () => {
  const token = new CancellationToken();
  const group = new ErrGroup({ signal: token });
  await group.spawn(async () => {});
  expect([...membersOf(token)]).toHaveLength(1);
  await turn();
  expect([...membersOf(token)]).toHaveLength(0);
});
