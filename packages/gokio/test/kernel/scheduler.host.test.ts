/** The scheduler with nothing but its host: no task, and no microtask of the machine's. */
import { describe, expect, test } from "vitest";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { VirtualHost, VirtualScheduler } from "../support/virtual.ts";

describe("a scheduler is an instance", () => {
  test("two of them do not know each other", () => {
    const jobs: string[] = [];
    const microtasks: (() => void)[] = [];
    const host = new VirtualHost();
    host.microtask = (job) => void microtasks.push(job);
    const scheduler = new VirtualScheduler(host);
    const job = (name: string) => ({ runsUserCode: true, run: () => void jobs.push(name) });
    scheduler.enqueue(job("first"));
    scheduler.enqueue(job("second"));
    scheduler.enqueueFirst(job("urgent"));
    expect([microtasks.length, scheduler.isIdle, defaultScheduler.isIdle]).toEqual([1, false, true]);
    microtasks[0]?.();
    expect([jobs, scheduler.isIdle]).toEqual([["urgent", "first", "second"], true]);
  });

  test("a job that throws stops nobody else", () => {
    const jobs: string[] = [];
    const microtasks: (() => void)[] = [];
    const host = new VirtualHost();
    host.microtask = (job) => void microtasks.push(job);
    const scheduler = new VirtualScheduler(host);
    scheduler.enqueue({
      runsUserCode: true,
      run: () => {
        throw new Error("a broken operation");
      },
    });
    scheduler.enqueue({ runsUserCode: true, run: () => void jobs.push("next") });
    expect(() => microtasks[0]?.()).toThrow("a broken operation");
    expect(microtasks.length).toBe(2);
    microtasks[1]?.();
    expect([jobs, scheduler.isIdle]).toEqual([["next"], true]);
  });

  test.each([true, false])(
    "past the budget it goes through a macrotask, with jobs that run user code: %s",
    (runsUserCode) => {
      const microtasks: (() => void)[] = [];
      const macrotasks: (() => void)[] = [];
      const host = new VirtualHost();
      host.microtask = (job) => void microtasks.push(job);
      host.macrotask = (job) => void macrotasks.push(job);
      const scheduler = new VirtualScheduler(host);
      let runs = 0;
      const again = {
        runsUserCode,
        run: () => {
          if (++runs > 10_000_000) throw new Error("the turn does not end");
          // The clock stands still: the count alone must end the turn.
          scheduler.enqueue(again);
        },
      };
      scheduler.enqueue(again);
      microtasks[0]?.();
      expect(macrotasks.length).toBe(1);
      expect(runs).toBeGreaterThan(1000);
      const before = runs;
      const slow = { runsUserCode, run: () => host.skip(1) };
      for (let i = 0; i < 1000; i++) scheduler.enqueue(slow);
      macrotasks[0]?.();
      expect(macrotasks.length).toBe(2);
      expect(runs - before).toBeLessThan(3);
    },
  );

  test("a new turn has a budget of its own", () => {
    const macrotasks: (() => void)[] = [];
    const microtasks: (() => void)[] = [];
    const host = new VirtualHost();
    host.microtask = (job) => void microtasks.push(job);
    host.macrotask = (job) => void macrotasks.push(job);
    const scheduler = new VirtualScheduler(host);
    let runs = 0;
    const quick = { runsUserCode: true, run: () => void runs++ };
    const slow = { runsUserCode: true, run: () => host.skip(1000) };
    for (let i = 0; i < 64; i++) scheduler.enqueue(slow);
    for (let i = 0; i < 1000; i++) scheduler.enqueue(quick);
    microtasks[0]?.();
    expect(runs).toBeLessThan(64);
    // One turn is spent on what is left of the slow ones, at most; the next has time for all.
    macrotasks[0]?.();
    macrotasks[1]?.();
    expect([runs, scheduler.isIdle]).toEqual([1000, true]);
  });
});
