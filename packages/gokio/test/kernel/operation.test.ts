/** The protocol of an operation that somebody else has written, through each driver. */
import { describe, expect, test } from "vitest";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import type { Waiter } from "../../src/kernel/waiter.ts";
import { select } from "../../src/select/select.ts";
import { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { timeout } from "../../src/time/timeout.ts";
import { drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { Turnstile } from "./fakes.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("ready: it is tried, and never linked", async () => {
    const op = new Turnstile();
    op.ready = "open";
    expect(await drive(op)).toBe("open");
    expect(op.waiters.size).toBe(0);
  });

  test("parked: it is linked once, and gets what it is woken with", async () => {
    const op = new Turnstile();
    const parked = start(op);
    await turn();
    expect(op.waiters.size).toBe(1);
    op.pass("now");
    expect(await parked.end).toEqual({ status: "ok", value: "now" });
    expect(op.waiters.size).toBe(0);
  });

  test("failed: it throws that error", async () => {
    const op = new Turnstile();
    const parked = start(op);
    await turn();
    const error = new RangeError("broken");
    op.waiters.shift()?.fail(error);
    expect(await parked.end).toEqual({ status: "failed", error });
  });

  test("cancelled: it is unlinked, and who stood behind it is served", async () => {
    const op = new Turnstile();
    const [first, second, third] = [start(op), start(op), start(op)];
    await turn();
    expect(op.waiters.size).toBe(3);
    first.cancel();
    expect(op.waiters.size).toBe(1);
    expect(await first.end).toEqual({ status: "cancelled" });
    expect(await second.end).toEqual({ status: "ok", value: "the one before left" });
    third.cancel();
    expect(await third.end).toEqual({ status: "cancelled" });
  });

  test("served already: cancelling it is too late, and serves nobody", async () => {
    const op = new Turnstile();
    const [first, second] = [start(op), start(op)];
    await turn();
    op.pass("yours");
    first.cancel();
    expect(op.waiters.size).toBe(1);
    expect(await first.end).toEqual({ status: "ok", value: "yours" });
    second.cancel();
    await second.end;
  });

  test("beaten in a select: it is unlinked, and who stood behind it is served", async () => {
    const [op, other] = [new Turnstile(), new Turnstile()];
    const selected = start(select({ op, other }));
    await turn();
    const behind = start(op);
    await turn();
    other.pass("wins");
    expect(await selected.end).toEqual({ status: "ok", value: { key: "other", value: "wins" } });
    expect(await behind.end).toEqual({ status: "ok", value: "the one before left" });
  });

  test("out of time: it is unlinked, and who stood behind it is served", async () => {
    await virtual(async () => {
      const op = new Turnstile();
      const limited = drive(timeout(5, op)).catch((error) => error);
      const behind = drive(timeout(50, op));
      expect(await limited).toMatchObject({ name: "TimeoutError" });
      expect(await behind).toBe("the one before left");
    });
  });
});

test("an aborted async task lets who stood behind it be served", async () => {
  const op = new Turnstile();
  const task = spawn(async () => {
    await op;
  });
  await turn();
  const behind = op.then((why) => why);
  task.abort();
  expect(op.waiters.size).toBe(0);
  expect(await behind).toBe("the one before left");
  await task.settled();
});

test("a task that is aborted with several waits leaves all of them", async () => {
  const [a, b] = [new Turnstile(), new Turnstile()];
  const task = spawn(async () => {
    await Promise.all([a, b, a]);
  });
  await turn();
  expect([a.waiters.size, b.waiters.size]).toEqual([2, 1]);
  task.abort();
  // The whole task is cancelled before a queue is served: one of its own waits is not what gets the place.
  expect([a.waiters.size, b.waiters.size]).toEqual([0, 0]);
  expect((await task.settled()).status).toBe("aborted");
});

describe("an operation whose link throws", () => {
  class Unlinkable extends Turnstile {
    override link(waiter: Waiter<string>): void {
      waiter.slot = "half linked";
      throw new RangeError("no room");
    }
  }

  test.each(drivers)("fails the wait through $name", async ({ drive }) => {
    await expect(drive(new Unlinkable())).rejects.toThrow("no room");
  });

  test("a generator task is not parked by it, and goes on to wait for something else", async () => {
    const [broken, op] = [new Unlinkable(), new Turnstile()];
    let parkedOn: unknown = "not reached";
    const task: JoinHandle<string> = spawn(function* () {
      try {
        yield* broken;
      } catch {
        const record = JoinHandle.taskOf(task);
        parkedOn = [record.op, record.slot];
      }
      return yield* op;
    });
    await turn();
    expect(parkedOn).toEqual([undefined, undefined]);
    op.pass("on");
    expect(await task).toBe("on");
  });

  test("nor is one that was out of budget before it was tried", async () => {
    const broken = new Unlinkable();
    const task = spawn(function* () {
      defaultScheduler.budget.credit = 0;
      while (!defaultScheduler.budget.isExhausted());
      yield* broken;
    });
    await expect(task).rejects.toThrow("no room");
    expect(JoinHandle.taskOf(task).op).toBe(undefined);
  });
});
