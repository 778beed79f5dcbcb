import { describe, expect, test } from "vitest";
import { cancelled } from "../../src/cancel/cancelled.ts";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { CancelledError, TimeoutError } from "../../src/errors.ts";
import { withOptions } from "../../src/kernel/abortable.ts";
import { membersOf } from "../../src/kernel/cancel-source.ts";
import { runUntilCancelled } from "../../src/task/run-until-cancelled.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe("a CancellationToken", () => {
  test("is cancelled once, and says why", () => {
    const token = new CancellationToken();
    expect([token.isCancelled, token.reason]).toEqual([false, undefined]);
    token.throwIfCancelled();
    expect([token.cancel("first"), token.cancel("second")]).toEqual([true, false]);
    expect([token.isCancelled, token.reason]).toEqual([true, "first"]);
    expect(() => token.throwIfCancelled()).toThrow(CancelledError);
  });

  test("its children are cancelled with it, not it with them", () => {
    const parent = new CancellationToken();
    const [a, b] = [parent.child(), parent.child()];
    a.cancel("a");
    parent.cancel("parent");
    expect([a.reason, b.reason, parent.child().reason]).toEqual(["a", "parent", "parent"]);
  });

  test("a disposed child is not cancelled with its parent, and can be cancelled", () => {
    const parent = new CancellationToken();
    const child = parent.child();
    child[Symbol.dispose]();
    parent.cancel();
    expect(child.isCancelled).toBe(false);
    expect(child.cancel("late")).toBe(true);
  });

  test("a guard cancels unless it was disarmed", () => {
    const [a, b] = [new CancellationToken(), new CancellationToken()];
    {
      using _a = a.guard();
      using guard = b.guard();
      guard.disarm();
    }
    expect([a.reason, b.isCancelled]).toEqual(["the guard was disposed", false]);
  });

  test("a CancelledError as the reason stands for itself", () => {
    const token = new CancellationToken();
    const error = new CancelledError("inner");
    token.cancel(error);
    expect(token.reason).toBe("inner");
    expect(() => token.throwIfCancelled()).toThrow(error);
  });
});

describe("cancelAfter", () => {
  test("cancels then, with a TimeoutError, and leaves no timer", () =>
    virtual(async (clock) => {
      const token = new CancellationToken().cancelAfter(50);
      const error = await sleep(1000, { signal: token }).then(
        () => undefined,
        (thrown) => thrown,
      );
      expect(clock.elapsed).toBe(50);
      expect(error).toMatchObject({ name: "TimeoutError", cause: expect.any(TimeoutError) });
      expect(clock.scheduler.timers.size).toBe(0);
    }));

  test("of several deadlines, the earliest counts, in whichever order they are set", () =>
    virtual(async (clock) => {
      for (const [first, second] of [
        [10, 30],
        [30, 10],
      ] as const) {
        const from = clock.now();
        const token = new CancellationToken().cancelAfter(first).cancelAfter(second);
        expect(clock.scheduler.timers.size).toBe(1);
        await cancelled(token);
        expect(clock.now() - from).toBe(10);
        expect(clock.scheduler.timers.size).toBe(0);
      }
    }));

  test.each([
    ["cancelled", (token: CancellationToken) => token.cancel()],
    ["disposed", (token: CancellationToken) => token[Symbol.dispose]()],
    ["cancelled with its parent", (_: CancellationToken, parent: CancellationToken) => parent.cancel()],
  ])("no timer is left once the token is %s", (_name, end) =>
    virtual((clock) => {
      const parent = new CancellationToken();
      const token = parent.child().cancelAfter(1000);
      expect(clock.scheduler.timers.size).toBe(1);
      end(token, parent);
      expect(clock.scheduler.timers.size).toBe(0);
    }),
  );

  test("a deadline that is due, but whose token is disposed in the same turn, does not cancel", () =>
    virtual(async () => {
      const [first, second] = [new CancellationToken().cancelAfter(10), new CancellationToken().cancelAfter(10)];
      first.signal.addEventListener("abort", () => second[Symbol.dispose]());
      await sleep(10);
      expect([first.isCancelled, second.isCancelled]).toEqual([true, false]);
    }));

  test("does not hold the process, and a cancelled token takes no deadline", () =>
    virtual(async (clock) => {
      const token = new CancellationToken().cancelAfter(1000);
      await yieldNow();
      expect([clock.host.timers, clock.host.heldTimers]).toEqual([1, 0]);
      token.cancel();
      token.cancelAfter(1000);
      new CancellationToken().cancelAfter(Number.POSITIVE_INFINITY);
      expect(clock.scheduler.timers.size).toBe(0);
    }));

  test("refuses what is no duration", () => {
    const token = new CancellationToken();
    expect(() => token.cancelAfter(-1)).toThrow(new RangeError("ms must be 0 milliseconds or more, not -1"));
    expect(() => token.cancelAfter(Number.NaN)).toThrow(RangeError);
    expect(() => token.cancelAfter("1" as never)).toThrow(TypeError);
  });
});

describe.each(drivers)("cancelled through $name", ({ drive, start }) => {
  test("gives the reason, at once or later", async () => {
    const token = new CancellationToken();
    const waiting = start(cancelled(token));
    await turn();
    expect(waiting.ended).toBeUndefined();
    token.cancel("why");
    expect(await waiting.end).toEqual({ status: "ok", value: "why" });
    expect(await drive(cancelled(token))).toBe("why");
    const controller = new AbortController();
    controller.abort("platform");
    expect(await drive(cancelled(controller.signal))).toBe("platform");
  });

  test("a cancelled wait leaves the token", async () => {
    const token = new CancellationToken();
    const waiting = start(cancelled(token));
    await turn();
    expect([...membersOf(token)]).toHaveLength(1);
    waiting.cancel();
    expect(await waiting.end).toEqual({ status: "cancelled" });
    expect([...membersOf(token)]).toEqual([]);
  });

  test("a signal that was aborted wins over an operation that is ready", async () => {
    const token = new CancellationToken();
    token.cancel("before");
    const ch = chan<number>(1);
    await ch.send(1);
    await expect(drive(withOptions(recv(ch), { signal: token }))).rejects.toMatchObject({ cause: "before" });
    expect(ch.tryRecv()).toEqual({ done: false, value: 1 });
  });
});

describe.each(drivers)("runUntilCancelled of an operation, through $name", ({ drive, start }) => {
  test.each([
    ["the operation first", 1],
    ["the token first", undefined],
  ])("%s", async (_name, expected) => {
    const token = new CancellationToken();
    const ch = chan<number>();
    const running = start(runUntilCancelled(token, recv(ch)));
    await turn();
    if (expected === undefined) token.cancel();
    else await drive(send(ch, 1));
    expect(await running.end).toEqual({ status: "ok", value: expected });
    expect([...membersOf(token)]).toEqual([]);
    expect(ch.trySend(2)).toBe(false);
  });
});

describe("token.runUntilCancelled", () => {
  test("is eager, and undefined when the token was cancelled before, though the operation is ready", async () => {
    const token = new CancellationToken();
    const ch = chan<number>(2);
    await ch.send(1);
    await ch.send(2);
    const taken = token.runUntilCancelled(recv(ch));
    expect(ch.length).toBe(1);
    expect(await taken).toBe(1);
    token.cancel("why");
    expect(await token.runUntilCancelled(recv(ch))).toBeUndefined();
    expect(ch.length).toBe(1);
  });
});
