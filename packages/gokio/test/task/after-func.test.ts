import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { Context } from "../../src/cancel/context.ts";
import { CancellationToken, nodeOf } from "../../src/cancel/token.ts";
import { membersOf } from "../../src/kernel/cancel-source.ts";
import { afterFunc } from "../../src/task/after-func.ts";
import { currentTask } from "../../src/task/current.ts";
import { spawn } from "../../src/task/spawn.ts";
import { runWith, TaskLocal } from "../../src/task/task-local.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn } from "../support/turns.ts";
import { flavours } from "./flavours.ts";

describe.each(flavours)("afterFunc, $name", ({ body }) => {
  test("runs its body after the cancellation, in a task of its own, once", async () => {
    const ctx = Context.background.withCancel();
    const log: unknown[] = [];
    const stop = afterFunc(
      ctx,
      body(function* () {
        log.push(currentTask()?.name);
      }),
      { name: "after" },
    );
    await turn();
    expect(log).toEqual([]);
    ctx.cancel();
    expect(log).toEqual([]);
    await turn();
    expect(log).toEqual(["after"]);
    expect([stop(), ctx.cancel()]).toEqual([false, false]);
    await turn();
    expect(log).toEqual(["after"]);
  });

  test("at once where the cancellation came before; stop then says false", async () => {
    const log: string[] = [];
    const stop = afterFunc(
      AbortSignal.abort(),
      body(function* () {
        log.push("ran");
      }),
    );
    expect([stop(), log]).toEqual([false, []]);
    await turn();
    expect(log).toEqual(["ran"]);
  });
});

describe("stop", () => {
  test("says true once, if it kept the body from being run, and lets go of the context", async () => {
    const token = new CancellationToken();
    const log: string[] = [];
    const stop = afterFunc(token, async () => log.push("ran"));
    expect([...membersOf(nodeOf(token))]).toHaveLength(1);
    expect([stop(), stop()]).toEqual([true, false]);
    expect([...membersOf(nodeOf(token))]).toEqual([]);
    token.cancel();
    await turn();
    expect(log).toEqual([]);
    expect(afterFunc(Context.background, async () => {})()).toBe(true);
  });

  test("of one call does not stop the others", async () => {
    const token = new CancellationToken();
    const log: number[] = [];
    const stops = [0, 1, 2].map((i) => afterFunc(token, async () => void log.push(i)));
    expect(stops[1]?.()).toBe(true);
    token.cancel();
    await turn();
    expect(log).toEqual([0, 2]);
  });
});

test("the body has the task-locals of the call, and what it throws is not lost", async () => {
  const user = new TaskLocal<string>();
  const token = new CancellationToken();
  await spawn(function* () {
    yield* runWith(user, "ada", function* () {
      afterFunc(token, async () => {
        throw new Error(user.get());
      });
    });
  });
  const lost = await unhandledDuring(() => token.cancel());
  expect(lost).toMatchObject([{ message: "ada" }]);
});

test("what is no signal or no function is refused at the call", () => {
  expect(() => afterFunc({} as never, async () => {})).toThrow(TypeError);
  expect(() => afterFunc(Context.background, 1 as never)).toThrow("body must be a function, not 1");
});

test("{ inherit: true } carries the contexts of the call along, not those of the canceller", async () => {
  const storage = new AsyncLocalStorage<string>();
  const token = new CancellationToken();
  const seen: unknown[] = [];
  storage.run("caller", () => {
    for (const inherit of [true, false]) afterFunc(token, async () => void seen.push(storage.getStore()), { inherit });
  });
  storage.run("canceller", () => void token.cancel());
  await turn();
  expect(seen).toEqual(["caller", undefined]);
});
