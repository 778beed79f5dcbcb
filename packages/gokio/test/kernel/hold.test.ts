/** Holds: what cannot stop at once keeps the wait it lost from going on, and changes nothing else about it. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { listParked, waitOf } from "../../src/kernel/deadlock.ts";
import { Operation } from "../../src/kernel/operation.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { PENDING, type Pending } from "../../src/kernel/step.ts";
import type { Waiter } from "../../src/kernel/waiter.ts";
import { select } from "../../src/select/select.ts";
import { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";

/** Waits to be passed; one that is unlinked is held until `letGo`. */
class Slow extends Operation<string> {
  waiter: Waiter<string> | undefined = undefined;
  #letGo: (() => void) | undefined = undefined;

  override try(): Pending {
    return PENDING;
  }

  override link(waiter: Waiter<string>): void {
    this.waiter = waiter;
  }

  override unlink(waiter: Waiter<string>): void {
    this.waiter = undefined;
    this.#letGo = waiter.hold();
  }

  override describe(): string {
    return "something slow";
  }

  get holds(): boolean {
    return this.#letGo !== undefined;
  }

  letGo(): void {
    const letGo = this.#letGo as () => void;
    this.#letGo = undefined;
    letGo();
  }
}

/** Holds its waiter for no time at all, when it is linked and when it is unlinked. */
class Brief extends Slow {
  override link(waiter: Waiter<string>): void {
    super.link(waiter);
    waiter.hold()();
  }

  override unlink(waiter: Waiter<string>): void {
    super.unlink(waiter);
    this.letGo();
  }
}

describe.each(drivers)("through $name,", ({ start }) => {
  test("what has won goes on once the loser lets go, and not before", async () => {
    const ch = chan<string>();
    const slow = new Slow();
    const driven = start(select({ value: recv(ch), slow }));
    await turn();
    expect(ch.trySend("it")).toBe(true);
    await turn();
    expect([slow.holds, driven.ended]).toEqual([true, undefined]);
    slow.letGo();
    expect(await driven.end).toEqual({ status: "ok", value: { key: "value", value: "it" } });
  });

  test("so does what has failed", async () => {
    const ch = chan<string>();
    const slow = new Slow();
    const driven = start(select({ value: recv(ch), slow }));
    await turn();
    ch.close();
    await turn();
    expect(driven.ended).toBe(undefined);
    slow.letGo();
    expect(await driven.end).toMatchObject({ status: "failed", error: { name: "ClosedError" } });
  });

  test("what is cancelled goes on once it is let go, and not before", async () => {
    const slow = new Slow();
    const driven = start(slow);
    await turn();
    driven.cancel();
    expect(slow.waiter).toBe(undefined);
    await turn();
    expect(driven.ended).toBe(undefined);
    slow.letGo();
    expect(await driven.end).toEqual({ status: "cancelled" });
  });

  test.each([
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ])("of several losers all must let go (%i, %i, %i)", async (...order) => {
    const ch = chan<string>();
    const slow = [new Slow(), new Slow(), new Slow()] as const;
    const driven = start(select({ a: slow[0], b: slow[1], value: recv(ch), c: slow[2] }));
    await turn();
    ch.trySend("it");
    for (const i of order) {
      await turn();
      expect(driven.ended).toBe(undefined);
      slow[i as 0 | 1 | 2].letGo();
    }
    expect(await driven.end).toEqual({ status: "ok", value: { key: "value", value: "it" } });
  });

  test.each([[0, 1] as const, [1, 0] as const])("and of a wait that is cancelled, too (%i, %i)", async (...order) => {
    const slow = [new Slow(), new Slow()] as const;
    const driven = start(select({ a: slow[0], b: slow[1] }));
    await turn();
    driven.cancel();
    for (const i of order) {
      await turn();
      expect(driven.ended).toBe(undefined);
      slow[i].letGo();
    }
    expect(await driven.end).toEqual({ status: "cancelled" });
  });

  test("a loser of an inner select holds whoever waits for the outermost, whose losers are unlinked at once", async () => {
    const [ch, other, outermost] = [chan<string>(), chan<string>(), chan<string>()];
    const slow = new Slow();
    const inner = select({ middle: select({ value: recv(ch), slow }), other: recv(other) });
    const driven = start(select({ inner, outermost: recv(outermost) }));
    await turn();
    expect(ch.trySend("it")).toBe(true);
    expect([other.trySend("no"), outermost.trySend("no"), slow.holds]).toEqual([false, false, true]);
    await turn();
    expect(driven.ended).toBe(undefined);
    slow.letGo();
    expect(await driven.end).toEqual({
      status: "ok",
      value: { key: "inner", value: { key: "middle", value: { key: "value", value: "it" } } },
    });
  });

  test("so does one of an inner select that is beaten as a whole", async () => {
    const [ch, never] = [chan<string>(), chan<never>()];
    const slow = new Slow();
    const inner = select({ middle: select({ slow }), never: recv(never) });
    const driven = start(select({ inner, value: recv(ch) }));
    await turn();
    ch.trySend("it");
    await turn();
    expect(driven.ended).toBe(undefined);
    slow.letGo();
    expect(await driven.end).toEqual({ status: "ok", value: { key: "value", value: "it" } });
  });

  test("losers of the inner and of the outer select must all let go", async () => {
    const ch = chan<string>();
    const [inside, outside] = [new Slow(), new Slow()];
    const driven = start(select({ inner: select({ value: recv(ch), inside }), outside }));
    await turn();
    ch.trySend("it");
    inside.letGo();
    await turn();
    expect(driven.ended).toBe(undefined);
    outside.letGo();
    expect(await driven.end).toMatchObject({ status: "ok", value: { key: "inner", value: { value: "it" } } });
  });

  test("one that is let go while it waits goes on waiting", async () => {
    const brief = new Brief();
    const driven = start(brief);
    await turn();
    expect(driven.ended).toBe(undefined);
    brief.waiter?.wake("passed");
    expect(await driven.end).toEqual({ status: "ok", value: "passed" });

    const ch = chan<string>();
    const beaten = start(select({ value: recv(ch), brief }));
    await turn();
    ch.trySend("it");
    expect(await beaten.end).toEqual({ status: "ok", value: { key: "value", value: "it" } });

    const cancelled = start(brief);
    await turn();
    cancelled.cancel();
    expect(await cancelled.end).toEqual({ status: "cancelled" });
  });
});

const NAME = "held";

/** A task that does nothing but wait for `op`, and then logs how that ended. */
type Waiting = (op: Operation<unknown>, log?: string[], name?: string) => JoinHandle<unknown>;

/** `isOutside`: a wait that the task was aborted in is not listed as the task's any more. */
const flavours: { name: string; waiting: Waiting; isOutside: boolean }[] = [
  {
    name: "a generator task",
    waiting: (op, log = [], name = NAME) =>
      spawn(
        function* () {
          let end = "left";
          try {
            const value = yield* op;
            end = "went on";
            return value;
          } finally {
            log.push(`${name} ${end}`);
          }
        },
        { name },
      ),
    isOutside: false,
  },
  {
    name: "an async task",
    waiting: (op, log = [], name = NAME) =>
      spawn(
        async () => {
          let end = "left";
          try {
            const value = await op;
            end = "went on";
            return value;
          } finally {
            log.push(`${name} ${end}`);
          }
        },
        { name },
      ),
    isOutside: true,
  },
];

const parked = (): string[] => listParked(defaultScheduler).map((line) => line.replace(/^task \d+ /, ""));

describe.each(flavours)("$name", ({ waiting, isOutside }) => {
  test("that is aborted while a loser holds its value gets the value", async () => {
    const ch = chan<string>();
    const [first, second] = [new Slow(), new Slow()];
    const task = waiting(select({ first, value: recv(ch), second }));
    await turn();
    ch.trySend("it");
    task.abort("too late");
    await turn();
    expect(task.finished).toBe(false);
    first.letGo();
    await turn();
    expect(task.finished).toBe(false);
    second.letGo();
    expect(await task.settled()).toEqual({ status: "ok", value: { key: "value", value: "it" } });
  });

  test("that is aborted while a loser holds its error gets the error", async () => {
    const ch = chan<string>();
    const slow = new Slow();
    const task = waiting(select({ value: recv(ch), slow }));
    await turn();
    ch.close();
    task.abort("too late");
    await turn();
    slow.letGo();
    expect(await task.settled()).toMatchObject({ status: "failed", error: { name: "ClosedError" } });
  });

  test("whose wait was cancelled is still seen while that is held, and then goes before what is queued", async () => {
    const log: string[] = [];
    const ch = chan<string>();
    const slow = new Slow();
    const task = waiting(slow, log);
    waiting(recv(ch), log, "other");
    await turn();
    task.abort("why");
    await turn();
    expect(log).toEqual([]);
    const outside = isOutside ? ["outside tasks: something slow"] : [];
    const inTask = isOutside ? "a foreign await" : "something slow";
    expect(parked()).toEqual([`(held): ${inTask}`, "(other): recv on chan(0)", ...outside]);
    ch.trySend("it");
    slow.letGo();
    await turn();
    expect(log).toEqual(["held left", "other went on"]);
    expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
    expect(parked()).toEqual([]);
  });

  test("whose wait is settled and held is still seen, and then takes its turn", async () => {
    const log: string[] = [];
    const [ch, other] = [chan<string>(), chan<string>()];
    const slow = new Slow();
    const task = waiting(select({ value: recv(ch), slow }), log);
    waiting(recv(other), log, "other");
    await turn();
    ch.trySend("it");
    await turn();
    const wait = "select of value: recv on chan(0), slow: something slow";
    expect(parked()).toEqual([`(held): ${wait}`, "(other): recv on chan(0)"]);
    other.trySend("it");
    slow.letGo();
    await turn();
    expect(log).toEqual(["other went on", "held went on"]);
    expect((await task.settled()).status).toBe("ok");
    expect(parked()).toEqual([]);
  });

  test("that is let go, and has not run yet, waits for nothing any more", async () => {
    const ch = chan<string>();
    const slow = new Slow();
    const task = waiting(select({ value: recv(ch), slow }));
    await turn();
    ch.trySend("it");
    slow.letGo();
    expect(waitOf(JoinHandle.taskOf(task))).not.toContain("select");
    await task;
  });
});
