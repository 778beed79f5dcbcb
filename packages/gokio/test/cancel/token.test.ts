import { describe, expect, test } from "vitest";
import { cancelled } from "../../src/cancel/cancelled.ts";
import { Context } from "../../src/cancel/context.ts";
import { CancellationToken, nodeOf } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { CancelledError, TimeoutError } from "../../src/errors.ts";
import { withOptions } from "../../src/kernel/abortable.ts";
import { membersOf } from "../../src/kernel/cancel-source.ts";
import { runUntilCancelled } from "../../src/task/run-until-cancelled.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { HEAVY, turn } from "../support/turns.ts";
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
    expect(() => token.cancelAfter(-1)).toThrow(
      new RangeError("ms must be a number of milliseconds, 0 or more, not -1"),
    );
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
    expect([...membersOf(nodeOf(token))]).toHaveLength(1);
    waiting.cancel();
    expect(await waiting.end).toEqual({ status: "cancelled" });
    expect([...membersOf(nodeOf(token))]).toEqual([]);
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
    expect([...membersOf(nodeOf(token))]).toEqual([]);
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

describe("CancellationToken.from", () => {
  function watched(): { controller: AbortController; listeners: () => number } {
    const controller = new AbortController();
    let count = 0;
    const { signal } = controller;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      count++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      count--;
      remove(...args);
    };
    return { controller, listeners: () => count };
  }

  test("is cancelled with an AbortSignal, which it cannot cancel, for the same reason", () => {
    const { controller, listeners } = watched();
    const [a, b] = [CancellationToken.from(controller.signal), CancellationToken.from(controller.signal)];
    expect([a.cancel("alone"), controller.signal.aborted, b.isCancelled]).toEqual([true, false, false]);
    const below = b.child();
    controller.abort("enough");
    expect([a.reason, b.reason, below.reason, listeners()]).toEqual(["alone", "enough", "enough", 0]);
    expect(CancellationToken.from(controller.signal).reason).toBe("enough");
  });

  test.each([
    ["cancelled", (token: CancellationToken) => void token.cancel()],
    ["disposed", (token: CancellationToken) => token[Symbol.dispose]()],
  ])("no listener is left once it is %s", (_name, end) => {
    const { controller, listeners } = watched();
    const token = CancellationToken.from(controller.signal);
    expect(listeners()).toBe(1);
    end(token);
    expect(listeners()).toBe(0);
    const was = token.reason;
    controller.abort("late");
    expect(token.reason).toBe(was);
  });

  test("of a context, a token, and what is neither", () => {
    const ctx = Context.background.withCancel();
    const parent = new CancellationToken();
    const tokens = [ctx, parent, Context.background].map((signal) => CancellationToken.from(signal));
    ctx.cancel("ctx");
    parent.cancel("parent");
    expect(tokens.map((token) => token.reason)).toEqual(["ctx", "parent", undefined]);
    expect(() => CancellationToken.from({} as never)).toThrow(TypeError);
  });
});

test(
  "10⁵ tokens, each cancelled by an abort listener of the one before, are all cancelled when the first is",
  () => {
    const COUNT = 100_000;
    const first = new CancellationToken();
    const told: number[] = [];
    let last = first;
    for (let i = 0; i < COUNT; i++) {
      const next = new CancellationToken();
      last.signal.addEventListener("abort", () => {
        told.push(i);
        next.cancel(i);
      });
      last = next;
    }
    first.cancel("the first");
    expect([last.isCancelled, last.reason]).toEqual([true, COUNT - 1]);
    expect(told.every((n, i) => n === i)).toBe(true);
  },
  HEAVY,
);
