import { describe, expect, test } from "vitest";
import { Context } from "../../src/cancel/context.ts";
import { CancellationToken, nodeOf } from "../../src/cancel/token.ts";
import type { CancelledError } from "../../src/errors.ts";
import { cancelSource, type MemberList, membersOf } from "../../src/kernel/cancel-source.ts";
import { join, settled } from "../../src/task/join-handle.ts";
import { runIn } from "../../src/task/run-in.ts";
import { runUntilCancelled } from "../../src/task/run-until-cancelled.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { runWith, TaskLocal } from "../../src/task/task-local.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { flavours } from "./flavours.ts";

const members = (context: Context): number => [...membersOf(context[cancelSource] as unknown as MemberList)].length;
const user = new TaskLocal<string>({ default: "nobody" });
const other = new TaskLocal<string>({ default: "nothing" });

describe.each(flavours)("runIn, $name", ({ body }) => {
  test("gives the body's value, and leaves the context", async () => {
    const ctx = Context.background.withCancel();
    expect(
      await spawn(
        body(function* () {
          return yield runIn(
            ctx,
            body(function* () {
              yield yieldNow();
              return 1;
            }),
          );
        }),
      ),
    ).toBe(1);
    expect(members(ctx)).toBe(0);
    expect(ctx.isCancelled).toBe(false);
  });

  test("the waits inside fail once the context is cancelled, and the cleanup runs first", async () => {
    const ctx = Context.background.withCancel();
    const log: unknown[] = [];
    const handle = spawn(
      body(function* () {
        try {
          yield runIn(
            ctx,
            body(function* () {
              try {
                yield sleep(60_000);
              } finally {
                log.push("cleanup");
              }
            }),
          );
        } catch (error) {
          log.push(error);
        }
        yield yieldNow();
        return "goes on";
      }),
    );
    await turn();
    ctx.cancel("why");
    expect(await handle).toBe("goes on");
    expect(log).toEqual(["cleanup", ctx.error]);
    expect((log[1] as CancelledError).cause).toBe("why");
  });

  test("does not run the body when the context is cancelled before", async () => {
    const ctx = Context.background.withCancel();
    ctx.cancel("before");
    let ran = false;
    const handle = spawn(
      body(function* () {
        yield runIn(
          ctx,
          body(function* () {
            ran = true;
          }),
        );
      }),
    );
    expect(await settled(handle)).toEqual({ status: "failed", error: ctx.error });
    expect(ran).toBe(false);
  });

  test("its locals are the values of the context, and no others", async () => {
    const ctx = Context.background.withValue(user, "ada");
    const seen = await spawn(
      body(function* () {
        return yield runWith(
          other,
          "something",
          body(function* () {
            const inside = yield runIn(
              ctx,
              body(function* () {
                yield yieldNow();
                return [user.get(), other.get(), yield join(spawn(async () => user.get()))];
              }),
            );
            return [...inside, user.get(), other.get()];
          }),
        );
      }),
    );
    expect(seen).toEqual(["ada", "nothing", "ada", "nobody", "something"]);
  });

  test("an abort of the task ends it, too, and leaves the context alone", async () => {
    const ctx = Context.background.withCancel();
    const handle = spawn(
      body(function* () {
        yield runIn(
          ctx,
          body(function* () {
            yield sleep(60_000);
          }),
        );
      }),
    );
    await turn();
    expect(members(ctx)).toBe(1);
    handle.abort("task");
    expect(await settled(handle)).toEqual({ status: "aborted", reason: "task" });
    expect([members(ctx), ctx.isCancelled]).toEqual([0, false]);
  });

  test("a deadline of the context ends it", () =>
    virtual(async (clock) => {
      const error = await spawn(
        body(function* () {
          try {
            yield runIn(
              Context.background.withTimeout(10),
              body(function* () {
                yield sleep(1000);
              }),
            );
          } catch (thrown) {
            return thrown;
          }
          return undefined;
        }),
      );
      expect(error).toMatchObject({ name: "TimeoutError" });
      expect(clock.elapsed).toBe(10);
    }));

  test("one within another: the cancelled one ends, with all inside", async () => {
    const outer = Context.background.withCancel();
    const inner = Context.background.withCancel();
    const log: unknown[] = [];
    const handle = spawn(
      body(function* () {
        try {
          yield runIn(
            outer,
            body(function* () {
              try {
                yield runIn(
                  inner,
                  body(function* () {
                    yield sleep(60_000);
                  }),
                );
              } catch (error) {
                log.push(error);
              }
              yield sleep(60_000);
            }),
          );
        } catch (error) {
          log.push(error);
        }
      }),
    );
    await turn();
    inner.cancel("inner");
    await turn();
    outer.cancel("outer");
    await handle;
    expect(log).toEqual([inner.error, outer.error]);
  });
});

describe.each(flavours)("runUntilCancelled of a body, $name", ({ body }) => {
  test("gives the body's value", async () => {
    const token = new CancellationToken();
    expect(
      await spawn(
        body(function* () {
          return yield runUntilCancelled(
            token,
            body(function* () {
              yield yieldNow();
              return 1;
            }),
          );
        }),
      ),
    ).toBe(1);
    expect([...membersOf(nodeOf(token))]).toEqual([]);
  });

  test("gives undefined once the signal is cancelled, after the cleanup, and the task goes on", () =>
    virtual(async (clock) => {
      const token = new CancellationToken();
      const handle = spawn(
        body(function* () {
          const value = yield runUntilCancelled(
            token,
            body(function* () {
              try {
                yield sleep(60_000);
                return "through";
              } finally {
                yield shield(
                  body(function* () {
                    yield sleep(5);
                  }),
                );
              }
            }),
          );
          yield yieldNow();
          return [value, clock.elapsed];
        }),
      );
      await sleep(1);
      token.cancel();
      expect(await handle).toEqual([undefined, 6]);
    }));

  test("does not run the body when the signal is cancelled before", async () => {
    let ran = false;
    expect(
      await spawn(
        body(function* () {
          return yield runUntilCancelled(
            AbortSignal.abort(),
            body(function* () {
              ran = true;
              return 1;
            }),
          );
        }),
      ),
    ).toBeUndefined();
    expect(ran).toBe(false);
  });

  test("an error of the body's own is thrown, cancelled or not", async () => {
    const token = new CancellationToken();
    const failing = (cancel: boolean) =>
      spawn(
        body(function* () {
          yield runUntilCancelled(
            token,
            body(function* () {
              if (cancel) token.cancel();
              throw new Error("own");
            }),
          );
        }),
      );
    expect(await settled(failing(false))).toMatchObject({ status: "failed", error: { message: "own" } });
    expect(await settled(failing(true))).toMatchObject({ status: "failed", error: { message: "own" } });
  });

  test("an abort of the task is no end of its own", async () => {
    const token = new CancellationToken();
    const log: string[] = [];
    const handle = spawn(
      body(function* () {
        yield runUntilCancelled(
          token,
          body(function* () {
            yield sleep(60_000);
          }),
        );
        log.push("not reached");
      }),
    );
    await turn();
    handle.abort();
    expect((await settled(handle)).status).toBe("aborted");
    expect(log).toEqual([]);
  });
});

test("an async body that swallows the cancellation has ended as it says", async () => {
  const token = new CancellationToken();
  const handle = spawn(async () =>
    runUntilCancelled(token, async () => {
      await sleep(60_000).then(undefined, () => {});
      return "swallowed";
    }),
  );
  await turn();
  token.cancel();
  expect(await handle).toBe("swallowed");
});

test("what cannot be run is refused at the call", () => {
  const token = new CancellationToken();
  expect(() => runUntilCancelled(token, Promise.resolve(1) as never)).toThrow("wrap a promise in wait");
  expect(() => runUntilCancelled({} as never, async () => {})).toThrow(TypeError);
  expect(() => runIn(token as never, async () => {})).toThrow(
    "context must be a Context, not an instance of CancellationToken",
  );
  expect(() => runIn(Context.background, 1 as never)).toThrow(TypeError);
});
