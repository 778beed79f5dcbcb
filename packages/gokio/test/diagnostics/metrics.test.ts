/** Metrics: each number of a program whose numbers are known. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, recv, send } from "../../src/chan/ends.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { metrics, reasonOf } from "../../src/diagnostics/metrics.ts";
import { record } from "../../src/diagnostics/recording.ts";
import { trace } from "../../src/diagnostics/trace.ts";
import { TURN_CREDITS } from "../../src/kernel/budget.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { moment } from "../support/moment.ts";
import { heapUsed } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe("what is there without recording", () => {
  test("of nothing", () =>
    virtual(() => {
      expect(metrics()).toEqual({
        tasks: { live: 0, new: 0, running: 0, runnable: 0, parked: 0, foreignAwait: 0 },
        parked: {},
        runQueue: 0,
        timers: 0,
        channels: [],
        recorded: undefined,
      });
    }));

  test("of an mpsc channel who receives and who sends, by whichever operation", () =>
    virtual(async () => {
      const [, empty] = mpsc<number>(1, { name: "empty" });
      const [full] = mpsc<number>(1, { name: "full" });
      full.trySend(0);
      const tasks = [recv(empty), next(empty), send(full, 1)].map((op) =>
        spawn(function* () {
          yield* op;
        }),
      );
      await moment();
      expect(metrics().channels).toEqual([
        { channel: 'mpsc(1, "empty")', depth: 0, capacity: 1, senders: 0, receivers: 2 },
        { channel: 'mpsc(1, "full")', depth: 1, capacity: 1, senders: 1, receivers: 0 },
      ]);
      for (const task of tasks) task.abort();
    }));

  test("tasks by state, waits by what they do, timers, and the channels that are waited on", () =>
    virtual(async () => {
      const jobs = chan<number>(8, { name: "jobs" });
      const full = chan<number>(1, { name: "full" });
      const [tx, rx] = mpsc.unbounded<number>();
      await full.send(0);
      const tasks = [
        spawn(() => jobs.recv()),
        spawn(() => full.send(1)),
        spawn(function* () {
          yield* select({ a: recv(jobs), b: send(full, 2), c: next(rx) });
        }),
        spawn(() => sleep(60_000)),
      ];
      let endForeign = (): void => {};
      const foreign = spawn(() => new Promise<void>((resolve) => (endForeign = resolve)));
      await moment();
      const outside = sleep(60_000).then();
      const fresh = spawn(async () => {});
      expect(metrics()).toEqual({
        tasks: { live: 6, new: 1, running: 0, runnable: 0, parked: 4, foreignAwait: 1 },
        parked: { recv: 1, send: 1, select: 1, sleep: 2 },
        runQueue: 1,
        timers: 2,
        channels: [
          { channel: 'chan(8, "jobs")', depth: 0, capacity: 8, senders: 0, receivers: 2 },
          { channel: 'chan(1, "full")', depth: 1, capacity: 1, senders: 2, receivers: 0 },
          { channel: "mpsc.unbounded()", depth: 0, capacity: Number.POSITIVE_INFINITY, senders: 0, receivers: 1 },
        ],
        recorded: undefined,
      });
      jobs.trySend(1);
      expect(metrics()).toMatchObject({ tasks: { runnable: 1, parked: 3 }, runQueue: 2 });
      endForeign();
      for (const each of tasks) each.abort();
      for (const each of [...tasks, fresh, foreign]) await each.settled();
      await outside;
      tx[Symbol.dispose]();
    }));

  test.each([
    ["recv on chan(8)", "recv"],
    ["acquire(3) on semaphore(4)", "acquire"],
    ["reserveMany(2) on mpsc(4)", "reserveMany"],
    ["join of task 7 (on the way)", "join"],
    ["select of a: recv on chan(0)", "select"],
    ["recv on chan(0), for at most 5 ms", "recv"],
    ["the end of a scope with 2 tasks", "end"],
    ["sleep(Infinity)", "sleep"],
    ["a foreign promise", "foreign promise"],
    ["yieldNow", "yieldNow"],
    ["single-flight of 'key on'", "single-flight"],
  ])("%j is counted as %j", (operation, reason) => {
    expect(reasonOf(operation)).toBe(reason);
  });
});

describe("while recording", () => {
  test("tasks, polls, parks and cancelled waits are counted, exactly", () =>
    virtual(async () => {
      using _recording = record();
      const ch = chan<number>();
      const receiving = spawn(function* () {
        for (let i = 0; i < 10; i++) yield* recv(ch);
        yield* sleep(60_000);
      });
      await moment();
      for (let i = 0; i < 10; i++) {
        ch.trySend(i);
        await moment();
      }
      receiving.abort();
      await moment();
      // Made and resumed, ten times more by a value, and once to be unwound.
      expect(metrics().recorded).toMatchObject({
        tasksMade: 1,
        tasksEnded: 1,
        polls: 12,
        parks: 11,
        cancelledWaits: 1,
      });
      expect(metrics().recorded?.budgetYields).toBe(0);
    }));

  test("a turn lasts until nobody is ready; the delay of those who are is measured", () =>
    virtual(async ({ host }) => {
      using _recording = record();
      const ch = chan<number>();
      const slow = (ms: number) =>
        function* () {
          yield* recv(ch);
          host.skip(ms);
        };
      const tasks = [spawn(slow(20)), spawn(slow(300)), spawn(slow(1))];
      await moment();
      expect(metrics().recorded).toMatchObject({ longestTurn: 0, schedulingDelay: { count: 3, sum: 0, max: 0 } });
      // Parked, nobody is late.
      host.skip(1000);
      for (let i = 0; i < 3; i++) ch.trySend(i);
      host.skip(4);
      await Promise.all(tasks);
      const { longestTurn, schedulingDelay, duration } = metrics().recorded ?? {};
      expect(longestTurn).toBe(321);
      expect(duration).toBe(1325);
      // The first waited 4 ms, the second 24, the third 324; who joined them waited for their ends.
      expect(schedulingDelay).toMatchObject({ max: 324 });
      const countOf = (bound: number): number | undefined =>
        schedulingDelay?.counts[schedulingDelay.bounds.indexOf(bound)];
      expect([countOf(5), countOf(500)].map((count) => (count ?? 0) >= 1)).toEqual([true, true]);
      // Another turn: time between turns is nobody's.
      host.skip(10_000);
      await spawn(function* () {});
      expect(metrics().recorded?.longestTurn).toBe(321);
    }));

  test("each time that ready work is put off for the event loop is counted", () =>
    virtual(async () => {
      using _recording = record();
      await spawn(function* () {
        for (let i = 0; i < 3 * TURN_CREDITS; i++) yield* yieldNow();
      });
      expect(metrics().recorded?.budgetYields).toBeGreaterThanOrEqual(3);
      expect(metrics().recorded?.budgetYields).toBeLessThan(20);
    }));

  test("a channel that was waited on is known when nobody waits, as long as it is there", () =>
    virtual(async () => {
      using _recording = record();
      const jobs = chan<number>(4, { name: "jobs" });
      const waiting = spawn(() => jobs.recv());
      await moment();
      await jobs.send(0);
      await waiting;
      await jobs.send(1);
      await jobs.send(2);
      const idle = { channel: 'chan(4, "jobs")', depth: 2, capacity: 4, senders: 0, receivers: 0 };
      expect(metrics().channels).toEqual([idle]);
    }));

  test("channels are not kept alive by it", async () => {
    using _recording = record();
    const before = await heapUsed();
    for (let i = 0; i < 200; i++) {
      const ch = chan<Uint8Array>(1, { name: `passing ${i}` });
      const waiting = ch.recv();
      await ch.send(new Uint8Array(1));
      await waiting;
      await ch.send(new Uint8Array(100_000));
    }
    await heapUsed();
    expect(metrics().channels.length).toBeLessThan(20);
    expect((await heapUsed()) - before).toBeLessThan(5_000_000);
  });

  test("counts start with the first who records, and are gone with the last", () =>
    virtual(async () => {
      const first = record();
      const second = trace({ sites: false });
      await spawn(async () => {});
      first[Symbol.dispose]();
      first[Symbol.dispose]();
      expect(metrics().recorded?.tasksMade).toBe(1);
      second[Symbol.dispose]();
      expect(metrics().recorded).toBeUndefined();
      using _third = record();
      expect(metrics().recorded?.tasksMade).toBe(0);
    }));
});
