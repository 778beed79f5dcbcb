import { describe, expect, test } from "vitest";
import { MisuseError } from "../../src/errors.ts";
import { call } from "../../src/task/call.ts";
import { currentTask } from "../../src/task/current.ts";
import { defer } from "../../src/task/defer.ts";
import { settled } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { runWith, TaskLocal } from "../../src/task/task-local.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { flavours } from "./flavours.ts";

describe.each(flavours)("defer, $name", ({ body }) => {
  test("runs the cleanups after the body, the last first, before the join", async () => {
    const log: string[] = [];
    const handle = spawn(
      body(function* () {
        defer(() => log.push("first"));
        yield yieldNow();
        defer(() => log.push("second"));
        yield call(
          body(function* () {
            defer(() => log.push("third"));
          }),
        );
        log.push("body");
        return 1;
      }),
    );
    log.push(`value ${await handle}`);
    expect(log).toEqual(["body", "third", "second", "first", "value 1"]);
  });

  test("of a body that never waits", async () => {
    const log: string[] = [];
    const handle = spawn(
      body(function* () {
        defer(() => log.push("deferred"));
        return 1;
      }),
    );
    expect([await handle, log, handle.finished]).toEqual([1, ["deferred"], true]);
  });

  test("async, generator and plain ones are waited for in turn", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      await spawn(
        body(function* () {
          defer(() => log.push(`plain ${clock.elapsed}`));
          defer(async () => {
            await sleep(10);
            log.push(`async ${clock.elapsed}`);
          });
          defer(function* () {
            yield* sleep(5);
            log.push(`generator ${clock.elapsed}`);
          });
          defer(() => sleep(1));
        }),
      );
      expect(log).toEqual(["generator 6", "async 16", "plain 16"]);
    }));

  test("runs after a throw, which stays the outcome", async () => {
    const log: string[] = [];
    const handle = spawn(
      body(function* () {
        defer(async () => log.push("deferred"));
        yield yieldNow();
        throw new Error("x");
      }),
    );
    expect(await settled(handle)).toMatchObject({ status: "failed", error: { message: "x" } });
    expect(log).toEqual(["deferred"]);
  });

  test("runs after an abort, shielded, and the task is aborted still", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const handle = spawn(
        body(function* () {
          defer(async () => {
            await sleep(10);
            log.push("async");
          });
          defer(function* () {
            yield* sleep(10);
            log.push("generator");
          });
          try {
            yield sleep(60_000);
          } finally {
            log.push("finally");
          }
        }),
      );
      await sleep(1);
      handle.abort("why");
      await sleep(1);
      expect([handle.finished, handle.abort("again")]).toEqual([false, false]);
      expect(await settled(handle)).toEqual({ status: "aborted", reason: "why" });
      expect([log, clock.elapsed]).toEqual([["finally", "generator", "async"], 21]);
    }));

  test("an abort that comes while they run comes too late", () =>
    virtual(async () => {
      const log: string[] = [];
      const handle = spawn(
        body(function* () {
          defer(function* () {
            yield* sleep(10);
            yield* yieldNow();
            log.push("generator");
          });
          defer(async () => {
            await sleep(10);
            await yieldNow();
            log.push("async");
          });
          return 1;
        }),
      );
      await sleep(1);
      handle.abort();
      expect(await settled(handle)).toEqual({ status: "ok", value: 1 });
      expect(log).toEqual(["async", "generator"]);
    }));

  test("what they throw fails the task, after all have run", async () => {
    const log: string[] = [];
    const throwing = (message: string) => () => {
      log.push(message);
      throw new Error(message);
    };
    const one = spawn(
      body(function* () {
        defer(() => log.push("last"));
        defer(throwing("a"));
        return 1;
      }),
    );
    expect(await settled(one)).toMatchObject({ status: "failed", error: { message: "a" } });
    const two = spawn(
      body(function* () {
        defer(throwing("b"));
        defer(throwing("c"));
        yield yieldNow();
        throw new Error("body");
      }),
    );
    expect(await settled(two)).toMatchObject({
      status: "failed",
      error: { errors: [{ message: "body" }, { message: "c" }, { message: "b" }] },
    });
    expect(log).toEqual(["a", "last", "c", "b"]);
    const aborted = spawn(
      body(function* () {
        defer(throwing("d"));
        yield sleep(60_000);
      }),
    );
    await turn();
    aborted.abort("why");
    expect(await settled(aborted)).toMatchObject({
      status: "failed",
      error: { message: "d", cause: { cause: "why" } },
    });
  });

  test("a failure nobody joins is still reported once", async () => {
    const lost = await unhandledDuring(async () => {
      spawn(
        body(function* () {
          defer(async () => {});
          throw new Error("x");
        }),
      );
      await turn();
    });
    expect(lost).toMatchObject([{ message: "x" }]);
  });

  test("cleanups belong to the task: its identity, its locals, and they may defer more", async () => {
    const user = new TaskLocal<string>({ default: "nobody" });
    const seen: unknown[] = [];
    const handle = spawn(
      body(function* () {
        defer(() => seen.push(currentTask()?.id, user.get()));
        defer(async () => {
          await yieldNow();
          seen.push(currentTask()?.id);
          defer(() => seen.push("more"));
        });
        yield runWith(
          user,
          "ada",
          body(function* () {
            yield yieldNow();
          }),
        );
      }),
    );
    await handle;
    expect(seen).toEqual([handle.id, "more", handle.id, "nobody"]);
  });

  test("runs before what was moved into the task is disposed", async () => {
    const log: string[] = [];
    const move = { [Symbol.dispose]: () => void log.push("moved") };
    await spawn(
      body(function* () {
        defer(() => log.push("deferred"));
      }),
      { move },
    );
    expect(log).toEqual(["deferred", "moved"]);
  });
});

test("outside of tasks there is nothing to wait for", () => {
  expect(() => defer(() => {})).toThrow(MisuseError);
  expect(() => defer(1 as never)).toThrow("cleanup must be a function, not 1");
});
