import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { CancelledError, JoinAbortedError, MisuseError } from "../../src/errors.ts";
import { withOptions } from "../../src/kernel/abortable.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { tasksOf } from "../../src/kernel/task-list.ts";
import { select } from "../../src/select/select.ts";
import { task } from "../../src/select/task-case.ts";
import type { Task } from "../../src/task/body.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { onTaskError } from "../../src/task/unjoined.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { drivers } from "../support/drivers.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

/** A body that works for `ms`, and then cleans up for `cleanup` ms; it logs what it does. */
type Work = (log: string[], ms: number, cleanup: number) => () => Promise<string>;

const flavours: { name: string; work: Work }[] = [
  {
    name: "generator",
    work: (log, ms, cleanup) => {
      const body = function* (): Task<string> {
        log.push("start");
        try {
          yield* sleep(ms);
          log.push("end");
          return "worked";
        } finally {
          if (cleanup > 0) yield* sleep(cleanup);
          log.push("cleaned");
        }
      };
      return body as never;
    },
  },
  {
    name: "async",
    work: (log, ms, cleanup) => async () => {
      log.push("start");
      try {
        await sleep(ms);
        log.push("end");
        return "worked";
      } finally {
        if (cleanup > 0) await shield(async () => void (await sleep(cleanup)));
        log.push("cleaned");
      }
    },
  },
];

describe.each(flavours)("a $name body", ({ work }) => {
  describe.each(drivers)("through $name", ({ drive }) => {
    test("wins with its value, and runs once", () =>
      virtual(async (clock) => {
        const log: string[] = [];
        const ch = chan<number>();
        expect(await drive(select({ work: task(work(log, 10, 5)), ch: recv(ch) }))).toEqual({
          key: "work",
          value: "worked",
        });
        expect([clock.elapsed, log]).toEqual([15, ["start", "end", "cleaned"]]);
        expect(ch.trySend(1)).toBe(false);
      }));

    test("is cancelled when it loses, and its cleanup is over before the select settles", () =>
      virtual(async (clock) => {
        const log: string[] = [];
        const won = drive(select({ work: task(work(log, 100, 30)), tick: sleep(10) }));
        void won.then(() => log.push("settled"));
        expect(await won).toEqual({ key: "tick", value: undefined });
        await turn();
        expect([clock.elapsed, log]).toEqual([40, ["start", "cleaned", "settled"]]);
      }));

    test("is not started where something is ready", async () => {
      const log: string[] = [];
      const ch = chan<number>(1);
      ch.trySend(1);
      expect(await drive(select({ work: task(work(log, 1, 0)), ch: recv(ch) }))).toEqual({ key: "ch", value: 1 });
      await turn();
      expect(log).toEqual([]);
    });

    test("inside a timeout that is over first, it is cleaned up before the timeout throws", () =>
      virtual(async (clock) => {
        const log: string[] = [];
        const ch = chan<number>();
        const limited = timeout(10, select({ work: task(work(log, 100, 30)), ch: recv(ch) }));
        await expect(drive(limited)).rejects.toMatchObject({ name: "TimeoutError" });
        expect([clock.elapsed, log]).toEqual([40, ["start", "cleaned"]]);
        expect(ch.trySend(1)).toBe(false);
      }));

    test("a timeout that passes while a loser cleans up does not cost the winner's value", () =>
      virtual(async (clock) => {
        const log: string[] = [];
        const ch = chan<string>();
        const limited = timeout(20, select({ work: task(work(log, 100, 30)), ch: recv(ch) }));
        const won = drive(limited);
        await sleep(10);
        expect(ch.trySend("value")).toBe(true);
        expect(await won).toEqual({ key: "ch", value: "value" });
        expect(clock.elapsed).toBe(40);
      }));

    test("in a nested select, the outer select's losers are stopped as soon as the inner one is decided", () =>
      virtual(async (clock) => {
        const log: string[] = [];
        const outerLog: string[] = [];
        const ch = chan<string>();
        const late = chan<string>();
        const inner = select({ work: task(work(log, 100, 30)), ch: recv(ch) });
        const won = drive(select({ inner, other: task(work(outerLog, 100, 50)), late: recv(late) }));
        await sleep(10);
        expect(ch.trySend("value")).toBe(true);
        expect([log, outerLog, late.trySend("late")]).toEqual([["start"], ["start"], false]);
        expect(await won).toEqual({ key: "inner", value: { key: "ch", value: "value" } });
        expect([clock.elapsed, log, outerLog]).toEqual([60, ["start", "cleaned"], ["start", "cleaned"]]);
      }));

    test("driven alone it is the task", () =>
      virtual(async (clock) => {
        const log: string[] = [];
        expect(await drive(task(work(log, 10, 0)))).toBe("worked");
        expect(clock.elapsed).toBe(10);
      }));
  });

  test.each(drivers)("a cancelled wait ends when the task has, through $name", ({ start }) =>
    virtual(async (clock) => {
      const log: string[] = [];
      const driven = start(select({ work: task(work(log, 100, 30)), other: recv(chan()) }));
      void driven.end.then(() => log.push("settled"));
      await sleep(10);
      driven.cancel();
      expect((await driven.end).status).toBe("cancelled");
      await turn();
      expect([clock.elapsed, log]).toEqual([40, ["start", "cleaned", "settled"]]);
    }),
  );

  test("an abort that comes while the loser cleans up does not cost the winner's value", () =>
    virtual(async () => {
      const log: string[] = [];
      const ch = chan<string>();
      const got: unknown[] = [];
      const tasks = [
        spawn(function* () {
          got.push(yield* select({ work: task(work(log, 100, 30)), ch: recv(ch) }));
          yield* sleep(1);
        }),
        spawn(async () => {
          got.push(await select({ work: task(work(log, 100, 30)), ch: recv(ch) }));
          await sleep(1);
        }),
      ];
      await sleep(10);
      expect([ch.trySend("a"), ch.trySend("b")]).toEqual([true, true]);
      await sleep(10);
      for (const each of tasks) each.abort();
      for (const each of tasks) expect((await each.settled()).status).toBe("aborted");
      expect(got).toEqual([
        { key: "ch", value: "a" },
        { key: "ch", value: "b" },
      ]);
    }));

  test("an aborted task that selects waits for its case's cleanup", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const tasks = [
        spawn(function* () {
          yield* select({ work: task(work(log, 100, 30)) });
        }),
        spawn(async () => {
          await select({ work: task(work(log, 100, 30)) });
        }),
      ];
      await sleep(10);
      for (const each of tasks) each.abort();
      for (const each of tasks) expect((await each.settled()).status).toBe("aborted");
      expect([clock.elapsed, log]).toEqual([40, ["start", "start", "cleaned", "cleaned"]]);
    }));
});

describe.each(drivers)("through $name", ({ drive }) => {
  test("the first of several tasks wins, and all others are cleaned up", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const runner = (name: string, ms: number, cleanup: number) =>
        task(function* () {
          try {
            yield* sleep(ms);
            return name;
          } finally {
            yield* sleep(cleanup);
            log.push(name);
          }
        });
      const won = await drive(select({ a: runner("a", 30, 5), b: runner("b", 10, 1), c: runner("c", 50, 20) }));
      // b ends after its own cleanup, at 11; c's takes the longest from there.
      expect([won, clock.elapsed, log]).toEqual([{ key: "b", value: "b" }, 31, ["b", "a", "c"]]);
    }));

  test("a winning task's failure is the select's", async () => {
    const failing = task(async () => {
      throw new Error("broken");
    });
    expect(
      await unhandledDuring(() => expect(drive(select({ failing, ch: recv(chan()) }))).rejects.toThrow("broken")),
    ).toEqual([]);
  });

  test("a failure of another case is thrown after the task's cleanup", () =>
    virtual(async (clock) => {
      const ch = chan<number>();
      let cleaned = -1;
      const won = drive(
        select({
          ch: recv(ch),
          work: task(function* () {
            try {
              yield* sleep(100);
            } finally {
              yield* sleep(10);
              cleaned = clock.elapsed;
            }
          }),
        }),
      );
      await sleep(5);
      ch.close();
      await expect(won).rejects.toMatchObject({ name: "ClosedError" });
      expect([cleaned, clock.elapsed]).toEqual([15, 15]);
    }));

  test("a loser's failure is reported once, and the winner's value is not lost", async () => {
    const seen: [unknown, string | undefined][] = [];
    using _ = onTaskError((error, { name }) => {
      seen.push([error, name]);
      return true;
    });
    const broken = new Error("cleanup");
    const ch = chan<number>();
    const won = drive(
      select({
        ch: recv(ch),
        work: task(
          function* () {
            try {
              yield* recv(chan());
            } finally {
              throw broken;
            }
          },
          { name: "worker" },
        ),
      }),
    );
    await turn();
    await ch.send(1);
    expect(await won).toEqual({ key: "ch", value: 1 });
    for (let i = 0; i < 4; i++) await turn();
    expect(seen).toEqual([[broken, "worker"]]);
  });

  test("with a signal, the wait fails after the cleanup", () =>
    virtual(async (clock) => {
      const token = new CancellationToken();
      const work = task(function* () {
        try {
          yield* sleep(100);
        } finally {
          yield* sleep(10);
        }
      });
      const won = drive(withOptions(select({ work }) as Operation<unknown>, { signal: token }));
      await sleep(5);
      token.cancel("enough");
      await expect(won).rejects.toBeInstanceOf(CancelledError);
      expect(clock.elapsed).toBe(15);
    }));
});

test("a task that somebody else aborts makes the select throw", async () => {
  const work = task(
    async ({ signal }) => {
      void signal;
      await recv(chan());
    },
    { name: "inner" },
  );
  const won = select({ work }).then(undefined, (error: unknown) => error);
  await turn();
  const { defaultScheduler } = await import("../../src/kernel/scheduler.ts");
  for (const each of tasksOf(defaultScheduler.tasks)) (each as unknown as { abort(): void }).abort();
  expect(await won).toBeInstanceOf(JoinAbortedError);
});

test("a task that makes another case win is cancelled at its next wait", async () => {
  const ch = chan<string>();
  const log: string[] = [];
  const won = await select({
    ch: recv(ch),
    work: task(function* () {
      yield* send(ch, "from inside");
      log.push("sent");
      yield* recv(chan());
      log.push("not reached");
    }),
  });
  expect([won, log]).toEqual([{ key: "ch", value: "from inside" }, ["sent"]]);
});

test("with a default it is misuse, however deep it hides", () => {
  const work = () => task(async () => 1);
  const holding = { default: 0 } as { default: never };
  for (const cases of [{ work: work() }, { limited: timeout(5, work()) }, { inner: select({ work: work() }) }]) {
    expect(() => select(cases as Record<string, Operation<unknown>>, holding)).toThrow(MisuseError);
  }
  expect(() => task(5 as never)).toThrow(TypeError);
});

test("task-locals and daemon come from whoever selects", async () => {
  const finished: string[] = [];
  const outer = spawn(
    async () => {
      await select({ work: task(async () => void (await recv(chan()))) });
      finished.push("never");
    },
    { daemon: true },
  );
  await turn();
  const { defaultScheduler } = await import("../../src/kernel/scheduler.ts");
  expect([...tasksOf(defaultScheduler.tasks)].map((each) => each.daemon)).toEqual([true, true]);
  await outer[Symbol.asyncDispose]();
  expect(finished).toEqual([]);
});

test("a generator that drives a select by hand is told so when that is decided, and held", async () => {
  const ch = chan<number>();
  const never = chan<string>();
  const broken = spawn(function* (): Task<string> {
    const selecting = select({ ch: recv(ch), work: task(() => recv(chan())) }) as unknown as Iterator<
      never,
      never,
      undefined
    >;
    selecting.next(undefined);
    ch.trySend(1);
    return yield* recv(never);
  });
  await expect(broken).rejects.toThrow(MisuseError);
  expect(never.trySend("x")).toBe(false);
});

test("a generator that turns its back on a decided select is told so, and nothing is woken twice", async () => {
  const ch = chan<number>();
  const broken = spawn(function* (): Task<string> {
    const selecting = select({ ch: recv(ch), work: task(() => recv(chan())) }) as unknown as Iterable<never>;
    let turns = 0;
    try {
      for (const _ of selecting) if (turns++ === 0) ch.trySend(1);
    } catch (error) {
      yield* sleep(1);
      return (error as Error).name;
    }
    return "nothing";
  });
  expect(await broken).toBe("MisuseError");
});

test("many selects that cancel their tasks leave nothing behind", async () => {
  const ch = chan<number>();
  const all = Array.from({ length: 2000 }, () =>
    Promise.resolve(select({ ch: recv(ch), work: task(() => recv(chan())) })),
  );
  await turn();
  for (let i = 0; i < 2000; i++) await ch.send(i);
  expect(new Set((await Promise.all(all)).map((won) => won.value)).size).toBe(2000);
});
