import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { ClosedError, JoinAbortedError } from "../../src/errors.ts";
import { JoinSet, joinAll, joinNext, nextWithTask } from "../../src/group/join-set.ts";
import { scope } from "../../src/group/scope.ts";
import { membersOf } from "../../src/kernel/cancel-source.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { moment } from "../support/moment.ts";
import { HEAVY, turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

/** A task that is through after `ms`. */
const after = (ms: number) => async (): Promise<number> => {
  await sleep(ms);
  return ms;
};

const END = { done: true, value: undefined };

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("outcomes come in the order the tasks end, and then the end", () =>
    virtual(async () => {
      const set = new JoinSet<number>();
      for (const ms of [30, 10, 20]) set.spawn(after(ms));
      const got = [];
      for (let i = 0; i < 3; i++) got.push(await drive(next(set)));
      expect(got).toEqual([10, 20, 30].map((value) => ({ done: false, value: { status: "ok", value } })));
      expect(await drive(next(set))).toEqual(END);
      set.spawn(after(1));
      expect(await drive(joinNext(set))).toEqual({ done: false, value: 1 });
      expect(await drive(joinNext(set))).toEqual(END);
    }));

  test("outcomes are kept in order until somebody takes them", () =>
    virtual(async () => {
      const set = new JoinSet<number>();
      for (const ms of [3, 1, 2]) set.spawn(after(ms));
      await sleep(10);
      expect(set.size).toBe(3);
      expect([await drive(joinNext(set)), await drive(joinNext(set))].map((each) => each.value)).toEqual([1, 2]);
      expect(set.size).toBe(1);
      expect(await drive(joinAll(set))).toEqual([3]);
    }));

  test("who waits is served in the order they came; those left over are told the end", () =>
    virtual(async () => {
      const set = new JoinSet<number>();
      for (const ms of [5, 10]) set.spawn(after(ms));
      const waits = [drive(joinNext(set)), drive(joinNext(set)), drive(joinNext(set))];
      expect(await Promise.all(waits)).toEqual([{ done: false, value: 5 }, { done: false, value: 10 }, END]);
    }));

  test("nextWithTask says which task it was, by the id of its handle and by name", () =>
    virtual(async () => {
      const set = new JoinSet<number>();
      const broken = new Error("broken");
      const slow = set.spawn(after(10), { name: "slow" });
      const fast = set.spawn(async () => {
        throw broken;
      });
      expect([await drive(nextWithTask(set)), await drive(nextWithTask(set)), await drive(nextWithTask(set))]).toEqual([
        { done: false, value: { id: fast.id, name: undefined, outcome: { status: "failed", error: broken } } },
        { done: false, value: { id: slow.id, name: "slow", outcome: { status: "ok", value: 10 } } },
        END,
      ]);
      const parked = set.spawn(after(10));
      const waiting = start(nextWithTask(set));
      await moment();
      waiting.cancel();
      expect([(await waiting.end).status, (await set.nextWithTask()).value?.id]).toEqual(["cancelled", parked.id]);
    }));

  test("a cancelled wait takes nothing", async () => {
    const set = new JoinSet<number>();
    const go = chan<void>();
    set.spawn(async () => {
      await go.recv();
      return 7;
    });
    const [first, second, all] = [start(next(set)), start(joinNext(set)), start(joinAll(set))];
    await turn();
    first.cancel();
    all.cancel();
    await go.send();
    expect([await first.end, await all.end]).toEqual([{ status: "cancelled" }, { status: "cancelled" }]);
    expect(await second.end).toEqual({ status: "ok", value: { done: false, value: 7 } });
    expect(set.size).toBe(0);
  });

  test("failed and aborted tasks: told by next, thrown by joinNext", async () => {
    const set = new JoinSet();
    const broken = new Error("broken");
    const fail = async (): Promise<never> => {
      throw broken;
    };
    set.spawn(fail);
    expect(await drive(next(set))).toEqual({ done: false, value: { status: "failed", error: broken } });
    set.spawn(fail);
    await expect(drive(joinNext(set))).rejects.toBe(broken);
    set.spawn(() => recv(chan())).abort("why");
    expect(await drive(next(set))).toEqual({ done: false, value: { status: "aborted", reason: "why" } });
    set.spawn(() => recv(chan())).abort("why");
    await expect(drive(joinNext(set))).rejects.toBeInstanceOf(JoinAbortedError);
    expect(set.size).toBe(0);
  });

  test("joinAll gives the values in the order of their ends, and waits for all before it throws", () =>
    virtual(async (clock) => {
      const set = new JoinSet<number>();
      expect(await drive(joinAll(set))).toEqual([]);
      for (const ms of [20, 5, 10]) set.spawn(after(ms));
      expect(await drive(joinAll(set))).toEqual([5, 10, 20]);
      const broken = new Error("broken");
      set.spawn(after(30));
      set.spawn(async () => {
        throw broken;
      });
      await expect(drive(joinAll(set))).rejects.toBe(broken);
      expect([clock.elapsed, set.size]).toEqual([50, 0]);
      for (const text of ["a", "b"]) {
        set.spawn(async () => {
          throw new Error(text);
        });
      }
      const several = await drive(joinAll(set)).catch((error: AggregateError) => error.errors.map(String));
      expect(several).toEqual(["Error: a", "Error: b"]);
    }));

  test("recv, for what takes any source, throws at the end", async () => {
    const set = new JoinSet<number>();
    set.spawn(async () => 1);
    expect(await drive(recv(set))).toEqual({ status: "ok", value: 1 });
    await expect(drive(recv(set))).rejects.toBeInstanceOf(ClosedError);
  });
});

test("for await gives every outcome, and can be left early", () =>
  virtual(async () => {
    const set = new JoinSet<number>();
    for (const ms of [3, 1, 2]) set.spawn(after(ms));
    const seen: unknown[] = [];
    for await (const outcome of set) {
      seen.push(outcome);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([
      { status: "ok", value: 1 },
      { status: "ok", value: 2 },
    ]);
    expect(set.size).toBe(1);
    for await (const outcome of set) seen.push(outcome);
    expect(seen).toHaveLength(3);
  }));

test("tasks may be spawned while somebody waits, by the tasks of the set themselves", () =>
  virtual(async () => {
    const set = new JoinSet<number>();
    set.spawn(async () => {
      set.spawn(after(5));
      return 0;
    });
    const seen: number[] = [];
    for await (const outcome of set) if (outcome.status === "ok") seen.push(outcome.value);
    expect(seen).toEqual([0, 5]);
  }));

test("abortAll reaches the tasks there are; those spawned later are not concerned", () =>
  virtual(async (clock) => {
    const set = new JoinSet<number>();
    const aborted = set.spawn(function* () {
      try {
        yield* sleep(1000);
        return 0;
      } finally {
        yield* sleep(10);
      }
    });
    await sleep(1);
    set.abortAll("why");
    set.spawn(after(5));
    set.abortAll.call(set, "again");
    set.spawn(after(2));
    const seen: unknown[] = [];
    for await (const outcome of set) seen.push(outcome.status === "ok" ? outcome.value : outcome);
    expect(seen).toEqual([{ status: "aborted", reason: "again" }, 2, { status: "aborted", reason: "why" }]);
    expect([clock.elapsed, (await aborted.settled()).status]).toEqual([11, "aborted"]);
  }));

test("detachAll lets the tasks go: they run on, and failures are reported", async () => {
  const log: string[] = [];
  const go = chan<void>();
  const seen = await unhandledDuring(async () => {
    const set = new JoinSet();
    set.spawn(async () => {
      await go.recv();
      log.push("went on");
      throw new Error("late");
    });
    set.spawn(async () => {
      throw new Error("early");
    });
    await turn();
    const waiting = set.next();
    const second = set.next();
    expect(await waiting).toMatchObject({ value: { status: "failed" } });
    set.spawn(async () => {
      throw new Error("not taken");
    });
    set.detachAll();
    expect([set.size, await second]).toEqual([0, END]);
    set.abortAll();
    await go.send();
    expect(await set.joinAll()).toEqual([]);
  });
  expect(log).toEqual(["went on"]);
  expect(seen.map(String).sort()).toEqual(["Error: late", "Error: not taken"]);
});

test("disposing aborts all, waits for their cleanup, and reports what nobody took", () =>
  virtual(async (clock) => {
    const log: string[] = [];
    {
      await using set = new JoinSet();
      set.spawn(function* () {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(10);
          log.push("cleaned");
        }
      });
      await sleep(1);
    }
    expect([clock.elapsed, log]).toEqual([11, ["cleaned"]]);
  }));

test("what nobody took is reported when the set is disposed, and not before", async () => {
  const set = new JoinSet();
  const early = await unhandledDuring(async () => {
    set.spawn(async () => {
      throw new Error("broken");
    });
  });
  expect(early).toEqual([]);
  const late = await unhandledDuring(() => set[Symbol.asyncDispose]());
  expect(late.map(String)).toEqual(["Error: broken"]);
});

test("a set ends with the task that made it; disposing waits even then", () =>
  virtual(async (clock) => {
    const log: string[] = [];
    const outer = spawn(async () => {
      await using set = new JoinSet();
      set.spawn(function* () {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(10);
          log.push("cleaned");
        }
      });
      await sleep(1000);
    });
    await sleep(5);
    outer.abort();
    expect((await outer.settled()).status).toBe("aborted");
    expect([clock.elapsed, log]).toEqual([15, ["cleaned"]]);
  }));

test("a set made in a scope is cancelled with it, and one whose maker was cancelled starts nothing", () =>
  virtual(async () => {
    let set: JoinSet | undefined;
    await scope(async (s) => {
      set = new JoinSet();
      set.spawn(() => sleep(1000));
      s.cancel("over");
    });
    expect(await set?.next()).toEqual({ done: false, value: { status: "aborted", reason: "over" } });
    set?.spawn(() => {
      throw new Error("never started");
    });
    expect(await set?.next()).toMatchObject({ value: { status: "aborted" } });
  }));

test("a set that has come to rest is no member of anything", async () => {
  const members = () => [...membersOf(defaultScheduler.root)].length;
  const before = members();
  for (let i = 0; i < 100; i++) {
    const set = new JoinSet();
    set.spawn(() => yieldNow());
    set.spawn(() => (i % 2 === 0 ? yieldNow() : recv(chan())));
    if (i % 2 !== 0) set.abortAll();
    await set.next();
    await set.next();
    expect(() => set.spawn(5 as never)).toThrow(TypeError);
  }
  expect(members()).toBe(before);
});

test(
  "100,000 tasks",
  async () => {
    const set = new JoinSet<number>();
    for (let i = 0; i < 100_000; i++) {
      set.spawn(function* () {
        yield* yieldNow();
        return i;
      });
    }
    let sum = 0;
    for await (const outcome of set) if (outcome.status === "ok") sum += outcome.value;
    expect(sum).toBe(4_999_950_000);
  },
  HEAVY,
);

test("bad input", () => {
  expect(() => joinNext({} as never)).toThrow(TypeError);
  expect(() => joinAll(undefined as never)).toThrow(TypeError);
});

test("tryNext gives what next would give now, and takes it", async () => {
  const set = new JoinSet<number>();
  expect(set.tryNext()).toEqual(END);
  const go = chan<void>();
  for (const n of [1, 2]) {
    set.spawn(async () => {
      await go.recv();
      return n;
    });
  }
  expect([set.tryNext(), set.size]).toEqual([undefined, 2]);
  await go.send();
  await turn();
  expect([set.tryNext(), set.tryNext(), set.size]).toEqual([
    { done: false, value: { status: "ok", value: 1 } },
    undefined,
    1,
  ]);
  await go.send();
  await turn();
  expect([set.tryNext(), set.tryNext()]).toEqual([{ done: false, value: { status: "ok", value: 2 } }, END]);
});

test("a task that cannot be started leaves nothing behind", () => {
  const before = [...membersOf(defaultScheduler.root)].length;
  const set = new JoinSet();
  expect(() => set.spawn(async () => {}, { move: 5 as never })).toThrow(TypeError);
  expect([set.size, [...membersOf(defaultScheduler.root)].length]).toEqual([0, before]);
});
