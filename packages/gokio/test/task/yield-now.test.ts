/** Giving others a turn, through each driver. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { drivers } from "../support/drivers.ts";
import { moment } from "../support/moment.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const ABORTED = AbortSignal.abort("too late");

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("everybody who is ready goes first, and those who yield go on in turn", async () => {
    const order: string[] = [];
    const log = (name: string) => (): void => void order.push(name);
    const yields = [drive(yieldNow()).then(log("first")), drive(yieldNow()).then(log("second"))];
    spawn(function* () {
      order.push("task");
    });
    await Promise.all(yields);
    expect(order).toEqual(["task", "first", "second"]);
  });

  test("it is never ready: what is comes first, and a default does, too", async () => {
    const ch = chan<string>(1);
    ch.trySend("ready");
    const won = await drive(select({ turn: yieldNow(), value: recv(ch) }));
    expect(won).toEqual({ key: "value", value: "ready" });
    const { key } = await drive(select({ turn: yieldNow() }, { default: "none" }));
    expect(key).toBe("default");
  });

  test("it beats what never comes, once", async () => {
    const never = chan<never>();
    expect(await drive(select({ turn: yieldNow(), never: recv(never) }))).toEqual({ key: "turn", value: undefined });
    expect(never.trySend(0 as never)).toBe(false);
  });

  test("cancelled before its turn, it does not go on; a signal that has aborted comes first", async () => {
    const wait = start(yieldNow());
    const behind = start(yieldNow());
    wait.cancel();
    expect(await wait.end).toEqual({ status: "cancelled" });
    expect(await behind.end).toEqual({ status: "ok", value: undefined });
    const late = select({ turn: yieldNow() });
    expect(await start(late).end).toMatchObject({ status: "ok" });
    await expect(drive(recv(chan(), { signal: ABORTED }))).rejects.toMatchObject({ cause: "too late" });
  });

  test("it goes through the queue of its own scheduler, and time stands still", async () => {
    await virtual(async (clock) => {
      let yielded = 0;
      for (let i = 0; i < 3; i++) void drive(yieldNow()).then(() => yielded++);
      await moment();
      expect([yielded, clock.elapsed, clock.scheduler.isIdle]).toEqual([3, 0, true]);
    });
  });
});

test("a turn that was given up wakes nothing the task waits for later", async () => {
  const [first, second] = [chan<string>(), chan<string>()];
  let phase = "before";
  const task = spawn(function* () {
    yield* select({ turn: yieldNow(), value: recv(first) });
    phase = "between";
    return yield* recv(second);
  });
  spawn(function* () {
    // Here the turn is on the queue, behind this task, and the select is beaten.
    first.trySend("beats the turn");
  });
  await turn();
  expect(phase).toBe("between");
  expect(task.finished).toBe(false);
  second.trySend("late");
  expect(await task).toBe("late");
});

test("one that has been woken is not woken again by the turn of another wait", async () => {
  const values: unknown[] = [];
  const ch = chan<string>();
  const task = spawn(function* () {
    values.push(yield* yieldNow());
    values.push(yield* recv(ch));
  });
  await turn();
  expect([values, task.finished]).toEqual([[undefined], false]);
  ch.trySend("only now");
  await task;
  expect(values).toEqual([undefined, "only now"]);
});
