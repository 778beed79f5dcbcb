/** Go's documentation of `context`, property by property. */
import { describe, expect, test } from "vitest";
import { cancelled } from "../../src/cancel/cancelled.ts";
import { CancellableContext, Context } from "../../src/cancel/context.ts";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { CancelledError, MisuseError, TimeoutError } from "../../src/errors.ts";
import { cancelSource, type MemberList, membersOf } from "../../src/kernel/cancel-source.ts";
import { currentContext } from "../../src/task/current.ts";
import { TaskLocal } from "../../src/task/task-local.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { virtual } from "../support/virtual.ts";

const members = (context: Context): number => [...membersOf(context[cancelSource] as unknown as MemberList)].length;

describe("the background", () => {
  test("is never cancelled, has no deadline and no values, and is one object", () => {
    const { background } = Context;
    expect(background).toBe(Context.background);
    expect([background.isCancelled, background.error, background.reason, background.deadline]).toEqual([
      false,
      undefined,
      undefined,
      undefined,
    ]);
    expect(background.signal).toBe(background.signal);
    expect(background.signal.aborted).toBe(false);
    background.throwIfCancelled();
    expect("cancel" in background).toBe(false);
  });

  test("waits with it as their signal are not cancelled, and leave it", async () => {
    const ch = chan<number>();
    const got = ch.recv({ signal: Context.background });
    ch.trySend(1);
    expect(await got).toBe(1);
    expect(members(Context.background)).toBe(0);
  });
});

describe("withCancel", () => {
  test("gives a context that is cancelled by its cancel, once, with a reason", () => {
    const ctx = Context.background.withCancel();
    expect(ctx).toBeInstanceOf(CancellableContext);
    expect(ctx.isCancelled).toBe(false);
    const reason = new Error("enough");
    expect([ctx.cancel(reason), ctx.cancel("again")]).toEqual([true, false]);
    expect([ctx.isCancelled, ctx.reason]).toEqual([true, reason]);
    expect(ctx.error).toMatchObject({ name: "AbortError", cause: reason });
    expect(() => ctx.throwIfCancelled()).toThrow(ctx.error);
  });

  test("or by that of its parent, with the very same error; never the other way round", () => {
    const parent = Context.background.withCancel();
    const [a, b] = [parent.withCancel(), parent.withCancel()];
    a.cancel("a");
    expect([parent.isCancelled, b.isCancelled]).toEqual([false, false]);
    parent.cancel("parent");
    expect([a.reason, b.reason]).toEqual(["a", "parent"]);
    expect(b.error).toBe(parent.error);
    expect(members(parent)).toBe(0);
  });

  test("of a cancelled parent is born cancelled", () => {
    const parent = Context.background.withCancel();
    parent.cancel("before");
    for (const child of [parent.withCancel(), parent.withTimeout(1000), parent.withDeadline(0)]) {
      expect([child.isCancelled, child.reason, child.cancel("late")]).toEqual([true, "before", false]);
    }
  });

  test("disposing cancels, and the parent keeps nothing", () => {
    const parent = Context.background.withCancel();
    let leaked: CancellableContext;
    {
      using child = parent.withCancel();
      leaked = child;
      expect(members(parent)).toBe(1);
    }
    expect([leaked.isCancelled, members(parent), parent.isCancelled]).toEqual([true, 0, false]);
  });
});

describe("withTimeout and withDeadline", () => {
  test("cancel when the time has come, as a TimeoutError, and not before", () =>
    virtual(async (clock) => {
      const ctx = Context.background.withTimeout(50);
      expect(ctx.deadline?.getTime()).toBe(clock.host.wallClock() + 50);
      await sleep(49);
      expect(ctx.isCancelled).toBe(false);
      expect(await cancelled(ctx)).toBeInstanceOf(TimeoutError);
      expect(clock.elapsed).toBe(50);
      expect(ctx.error?.name).toBe("TimeoutError");
    }));

  test("withDeadline takes a Date or a number, and gives it back", () =>
    virtual(async (clock) => {
      const when = new Date(clock.host.wallClock() + 30);
      for (const ctx of [Context.background.withDeadline(when), Context.background.withDeadline(when.getTime())]) {
        expect(ctx.deadline).toEqual(when);
        expect(ctx.deadline).not.toBe(ctx.deadline);
        await cancelled(ctx);
        expect(clock.elapsed).toBe(30);
      }
    }));

  test("a reason of one's own is the cause, and the name is still TimeoutError", () =>
    virtual(async () => {
      const reason = { why: "slow" };
      const timed = Context.background.withTimeout(10, reason);
      await cancelled(timed);
      expect([timed.reason, timed.error?.name]).toEqual([reason, "TimeoutError"]);
      const past = Context.background.withDeadline(0, reason);
      expect([past.reason, past.error?.name]).toEqual([reason, "TimeoutError"]);
    }));

  test("an earlier deadline of the parent wins; a later one does not count", () =>
    virtual(async (clock) => {
      const parent = Context.background.withTimeout(20);
      const later = parent.withTimeout(1000);
      const earlier = parent.withTimeout(10);
      expect(later.deadline).toEqual(parent.deadline);
      expect(earlier.deadline?.getTime()).toBe((parent.deadline?.getTime() as number) - 10);
      // A deadline that is not the earliest sets no timer.
      expect(clock.scheduler.timers.size).toBe(2);
      await cancelled(earlier);
      expect([clock.elapsed, parent.isCancelled]).toEqual([10, false]);
      await cancelled(later);
      expect([clock.elapsed, later.error]).toEqual([20, parent.error]);
    }));

  test("an earlier deadline of a block does not outlast the block", () =>
    virtual(async (clock) => {
      const user = new TaskLocal<string>();
      const made: CancellableContext[] = [];
      await timeout(10, async () => {
        const inside = currentContext();
        const end = clock.host.wallClock() + 10;
        for (const parent of [inside, inside.withCancel(), inside.withValue(user, "ada")])
          made.push(parent.withTimeout(50));
        expect(made.map((ctx) => ctx.deadline?.getTime())).toEqual([end, end, end]);
        // Of its own, one that is sure: no timer.
        const { size } = clock.scheduler.timers;
        made.push((made[0] as Context).withValue(user, "bob").withTimeout(60));
        expect(clock.scheduler.timers.size).toBe(size);
        await sleep(5);
      });
      await sleep(10);
      expect(made.map((ctx) => ctx.isCancelled)).toEqual([false, false, false, false]);
      for (const ctx of made) expect(await cancelled(ctx)).toBeInstanceOf(TimeoutError);
      expect(clock.elapsed).toBe(50);
    }));

  test("in a block whose deadline comes first, that is what cancels", () =>
    virtual(async (clock) => {
      let ctx: CancellableContext | undefined;
      await timeout(10, async () => {
        ctx = currentContext().withTimeout(50);
        await sleep(100);
      }).then(undefined, () => {});
      expect([clock.elapsed, ctx?.isCancelled, ctx?.error?.name]).toEqual([10, true, "TimeoutError"]);
      expect(clock.scheduler.timers.size).toBe(0);
    }));

  test("one that no Date can tell is shown as the last, or first, day that can be", () =>
    virtual(() => {
      const { background } = Context;
      using far = background.withTimeout(1e17);
      const shown = [far, background.withDeadline(Number.NEGATIVE_INFINITY)].map((ctx) => ctx.deadline?.getTime());
      expect(shown).toEqual([8.64e15, -8.64e15]);
      expect(background.withDeadline(Number.POSITIVE_INFINITY).deadline).toBeUndefined();
    }));

  test("one that is past cancels at once", () =>
    virtual((clock) => {
      for (const ctx of [Context.background.withTimeout(0), Context.background.withDeadline(new Date(0))]) {
        expect([ctx.isCancelled, ctx.error?.name]).toEqual([true, "TimeoutError"]);
      }
      expect(clock.scheduler.timers.size).toBe(0);
    }));

  test.each([
    ["cancelled", (ctx: CancellableContext) => void ctx.cancel()],
    ["disposed", (ctx: CancellableContext) => ctx[Symbol.dispose]()],
    ["cancelled with its parent", (_: CancellableContext, parent: CancellableContext) => void parent.cancel()],
  ])("leave no timer once the context is %s", (_name, end) =>
    virtual((clock) => {
      const parent = Context.background.withCancel();
      const ctx = parent.withTimeout(60_000);
      expect(clock.scheduler.timers.size).toBe(1);
      end(ctx, parent);
      expect(clock.scheduler.timers.size).toBe(0);
      expect(ctx.error?.name).toBe("AbortError");
    }),
  );

  test("do not hold the process", () =>
    virtual(async (clock) => {
      using _ctx = Context.background.withTimeout(60_000);
      await yieldNow();
      expect([clock.host.timers, clock.host.heldTimers]).toEqual([1, 0]);
    }));

  test("Infinity is no deadline", () =>
    virtual((clock) => {
      const ctx = Context.background.withTimeout(Number.POSITIVE_INFINITY);
      expect([ctx.deadline, clock.scheduler.timers.size]).toEqual([undefined, 0]);
      expect(ctx.cancel()).toBe(true);
    }));

  test("refuse what is no time", () => {
    expect(() => Context.background.withTimeout(-1)).toThrow(RangeError);
    expect(() => Context.background.withTimeout(Number.NaN)).toThrow(RangeError);
    expect(() => Context.background.withDeadline(new Date(Number.NaN))).toThrow(RangeError);
    expect(() => Context.background.withDeadline("now" as never)).toThrow(
      'when must be a Date or milliseconds since 1970, not "now"',
    );
  });
});

describe("withValue", () => {
  const user = new TaskLocal<string>({ name: "user" });
  const level = new TaskLocal<number>({ default: 1 });

  test("is seen in what is derived, and nowhere else; the latest wins", () => {
    const { background } = Context;
    const ada = background.withValue(user, "ada");
    const bob = ada.withValue(user, "bob").withCancel().withTimeout(1000);
    expect([ada.get(user), bob.get(user), bob.get(level)]).toEqual(["ada", "bob", 1]);
    expect(() => background.get(user)).toThrow(MisuseError);
    bob.cancel();
    expect(bob.get(user)).toBe("bob");
  });

  test("shares the node of its parent: it is cancelled with it, and registers nowhere", () => {
    const parent = Context.background.withCancel();
    const child = parent.withValue(user, "ada");
    expect(members(parent)).toBe(0);
    expect(child).not.toBeInstanceOf(CancellableContext);
    parent.cancel("why");
    expect([child.isCancelled, child.reason, child.signal]).toEqual([true, "why", parent.signal]);
  });

  test("keeps the deadline", () => {
    using parent = Context.background.withTimeout(60_000);
    expect(parent.withValue(user, "ada").deadline).toEqual(parent.deadline);
  });

  test("undefined is a value, and what is no key is refused", () => {
    const maybe = new TaskLocal<string | undefined>();
    expect(Context.background.withValue(maybe, undefined).get(maybe)).toBeUndefined();
    expect(() => Context.background.withValue("user" as never, 1 as never)).toThrow(
      'key must be a TaskLocal, not "user"',
    );
    expect(() => Context.background.get(undefined as never)).toThrow("key must be a TaskLocal, not undefined");
    expect(() => Context.background.get({} as never)).toThrow("key must be a TaskLocal, not an object");
  });
});

describe("withoutCancel", () => {
  test("keeps the values, and drops cancellation and deadline", () => {
    const user = new TaskLocal<string>();
    const parent = Context.background.withValue(user, "ada").withTimeout(60_000);
    const free = parent.withoutCancel();
    parent.cancel("why");
    expect([free.isCancelled, free.error, free.reason, free.deadline]).toEqual([
      false,
      undefined,
      undefined,
      undefined,
    ]);
    expect(free.get(user)).toBe("ada");
    const again = free.withCancel();
    expect(again.cancel("anew")).toBe(true);
  });
});

describe("as a signal", () => {
  test("of a wait, and of what takes AbortSignals", async () => {
    const ctx = Context.background.withCancel();
    const ch = chan<number>();
    const waits = [ch.recv({ signal: ctx }), ch.recv({ signal: ctx.signal })].map((wait) => wait.catch((e) => e));
    ctx.cancel("why");
    const [a, b] = await Promise.all(waits);
    expect([a, b]).toEqual([ctx.error, ctx.error]);
    expect(a).toBeInstanceOf(CancelledError);
    await expect(ch.recv({ signal: ctx })).rejects.toBe(ctx.error);
  });

  test("tokens and contexts are told apart by nobody who waits", async () => {
    const token = new CancellationToken();
    const ctx = Context.background.withCancel();
    token.cancel("x");
    ctx.cancel("x");
    expect([await cancelled(token), await cancelled(ctx)]).toEqual(["x", "x"]);
  });
});
