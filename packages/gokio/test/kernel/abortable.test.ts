/** The `signal` option, and what a long-lived signal keeps: nothing. */
import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { cancelled } from "../../src/cancel/cancelled.ts";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { CancelledError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { drivers } from "../support/drivers.ts";
import { HEAVY, heapUsed, turn } from "../support/turns.ts";

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

/** Bytes that may be left over per wait: far less than the smallest object. */
const CRUMB = 8;
const MANY = 1_000_000;

describe.each(drivers)("through $name", ({ drive }) => {
  test("an AbortSignal cancels the wait, and has one listener while anything waits", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const ch = chan<number>();
    const waits = [1, 2, 3].map(() => drive(recv(ch, { signal })).catch((error) => error));
    await turn();
    expect(listeners(signal)).toBe(1);
    ch.trySend(1);
    expect(await waits[0]).toBe(1);
    expect(listeners(signal)).toBe(1);
    const reason = new Error("why");
    controller.abort(reason);
    expect(listeners(signal)).toBe(0);
    const [, error, other] = await Promise.all(waits);
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ name: "AbortError", cause: reason });
    expect(other).toBe(error);
    expect(ch.trySend(2)).toBe(false);
  });

  test("a platform timeout is named so", async () => {
    const error = await drive(recv(chan(), { signal: AbortSignal.timeout(1) })).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "TimeoutError" });
    expect(error).toBeInstanceOf(CancelledError);
  });

  test("aborted before, it rejects even where the operation is ready", async () => {
    const ch = chan<number>(1);
    ch.trySend(1);
    await expect(drive(recv(ch, { signal: AbortSignal.abort("late") }))).rejects.toMatchObject({ cause: "late" });
    expect(ch.length).toBe(1);
  });
});

test(
  "10⁶ waits with one long-lived AbortSignal leave no listener and no memory behind",
  async () => {
    const { signal } = new AbortController();
    const ch = chan<number>();
    const before = await heapUsed();
    const waiter = spawn(function* () {
      for (let i = 0; i < MANY; i++) yield* recv(ch, { signal });
    });
    await turn();
    expect(listeners(signal)).toBe(1);
    let most = 0;
    spawn(function* () {
      for (let i = 0; i < MANY; i++) {
        yield* send(ch, i);
        if (i % 10_000 === 0) most = Math.max(most, listeners(signal));
      }
    });
    await waiter;
    expect([most, listeners(signal)]).toEqual([1, 0]);
    expect((await heapUsed()) - before).toBeLessThan(CRUMB * MANY);
  },
  HEAVY,
);

describe("10⁶ selects that lose on one long-lived thing leave nothing behind:", () => {
  const never = new Promise<never>(() => {});
  const token = new CancellationToken();
  const dead = chan<never>();
  const { signal } = new AbortController();
  test.each([
    ["a promise", () => never],
    ["a token", () => cancelled(token)],
    ["a channel", () => recv(dead)],
    ["an AbortSignal", () => cancelled(signal)],
  ])(
    "%s",
    async (_what, loser) => {
      const ch = chan<number>();
      await heapUsed();
      const before = await heapUsed();
      const selector = spawn(function* () {
        let sum = 0;
        for (let i = 0; i < MANY; i++) {
          const won = yield* select({ loser: loser() as never, value: recv(ch) });
          sum += won.value as number;
        }
        return sum;
      });
      const feeder = spawn(function* () {
        for (let i = 0; i < MANY; i++) yield* send(ch, 1);
      });
      expect(await selector).toBe(MANY);
      await feeder;
      expect((await heapUsed()) - before).toBeLessThan(CRUMB * MANY);
      expect(dead.trySend(0 as never)).toBe(false);
      expect(listeners(signal)).toBe(0);
    },
    HEAVY,
  );
});

test("an AbortSignal that nobody waits with any more is collected", async () => {
  const refs: WeakRef<AbortSignal>[] = [];
  await (async () => {
    const { signal } = new AbortController();
    refs.push(new WeakRef(signal));
    const ch = chan<number>();
    const wait = ch.recv({ signal });
    ch.trySend(1);
    await wait;
  })();
  await turn();
  await heapUsed();
  expect(refs[0]?.deref()).toBe(undefined);
});
