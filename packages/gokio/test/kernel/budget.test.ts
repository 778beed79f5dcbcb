/** The budget: when the clock is read, what ends a turn, and what a task out of budget does. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { Budget, TURN_CREDITS, TURN_MS } from "../../src/kernel/budget.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { spawn } from "../../src/task/spawn.ts";
import { drivers } from "../support/drivers.ts";
import { bareTurn, turn } from "../support/turns.ts";
import { VirtualHost } from "../support/virtual.ts";
import { Turnstile } from "./fakes.ts";

class CountingHost extends VirtualHost {
  reads = 0;

  override now(): number {
    this.reads++;
    return super.now();
  }
}

/** Spends credits as the drivers do, and gives how many were granted before the budget was exhausted. */
function spend(budget: Budget, credits: number): number {
  for (let i = 0; i < credits; i++) if (--budget.credit < 0 && budget.isExhausted()) return i;
  return credits;
}

describe("the budget", () => {
  test("reads the clock every 64 credits", () => {
    const host = new CountingHost();
    const budget = new Budget(host);
    host.reads = 0;
    expect(spend(budget, 6400)).toBe(6400);
    expect(host.reads).toBeGreaterThan(90);
    expect(host.reads).toBeLessThan(110);
  });

  test("is exhausted once the turn has lasted that long, and not before", () => {
    const host = new VirtualHost();
    const budget = new Budget(host);
    host.skip(TURN_MS - 1);
    expect(spend(budget, 1000)).toBe(1000);
    host.skip(1);
    expect(spend(budget, 1000)).toBeLessThanOrEqual(64);
  });

  test("is exhausted after a bounded run, though the clock stands still", () => {
    const budget = new Budget(new VirtualHost());
    const granted = spend(budget, 10 * TURN_CREDITS);
    expect(granted).toBeLessThanOrEqual(TURN_CREDITS);
    expect(granted).toBeGreaterThan(TURN_CREDITS / 2);
  });

  test("stays exhausted until a new turn, which has all of it", () => {
    const host = new VirtualHost();
    const budget = new Budget(host);
    host.skip(TURN_MS);
    spend(budget, 1000);
    for (let i = 0; i < 100; i++) expect(spend(budget, 1)).toBe(0);
    budget.refill();
    host.skip(TURN_MS - 1);
    expect(spend(budget, 10_000)).toBe(10_000);
    host.skip(1);
    expect(spend(budget, 100)).toBeLessThan(100);
  });
});

/** Spends what is left of the default scheduler's turn. */
function exhaust(): void {
  const { budget } = defaultScheduler;
  budget.credit = 0;
  while (!budget.isExhausted());
}

describe("out of budget", () => {
  test("a generator task does not try, and goes on after a macrotask", async () => {
    const op = new Turnstile();
    op.ready = "open";
    let tries = 0;
    op.try = () => {
      tries++;
      return "open";
    };
    let got: unknown;
    spawn(function* () {
      exhaust();
      got = yield* op;
    });
    for (let i = 0; i < 50; i++) await undefined;
    expect([tries, got]).toEqual([0, undefined]);
    await turn();
    expect([tries, got]).toEqual([1, "open"]);
  });

  test("one that is aborted meanwhile never tries", async () => {
    const ch = chan<number>(1);
    ch.trySend(1);
    const task = spawn(function* () {
      exhaust();
      yield* recv(ch);
    });
    for (let i = 0; i < 50; i++) await undefined;
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    expect(ch.tryRecv()).toMatchObject({ value: 1 });
  });

  test("one that finds nothing when it does try parks like any other", async () => {
    const ch = chan<number>();
    const task = spawn(function* () {
      exhaust();
      return yield* recv(ch);
    });
    await turn();
    expect(task.finished).toBe(false);
    await ch.send(7);
    expect(await task).toBe(7);
  });

  test("an eager call has its effect at once, and only its promise settles late", async () => {
    const ch = chan<number>(1);
    await turn();
    exhaust();
    let settled = false;
    const sent = ch.send(1).then(() => {
      settled = true;
    });
    expect(ch.length).toBe(1);
    for (let i = 0; i < 50; i++) await undefined;
    expect(settled).toBe(false);
    await sent;
    expect(ch.tryRecv()).toMatchObject({ value: 1 });
  });

  test("the event loop turns before anything goes on", async () => {
    const ch = chan<number>(1);
    const order: string[] = [];
    const turned = bareTurn().then(() => order.push("the event loop"));
    const task = spawn(function* () {
      exhaust();
      yield* send(ch, 1);
      order.push("the task");
    });
    await Promise.all([task, turned]);
    expect(order).toEqual(["the event loop", "the task"]);
  });
});

test.each(drivers)("a loop that is always ready, through $name, lets the event loop turn", async ({ drive }) => {
  const ch = chan<number>(1);
  let turns = 0;
  let done = false;
  const count = async (): Promise<void> => {
    for (; !done; turns++) await bareTurn();
  };
  const counting = count();
  for (let i = 0; turns < 3; i++) {
    await drive(send(ch, i));
    await drive(recv(ch));
  }
  done = true;
  await counting;
  expect(turns).toBeGreaterThanOrEqual(3);
});
