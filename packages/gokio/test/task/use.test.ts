import { describe, expect, test } from "vitest";
import { err } from "../../src/result.ts";
import { settled } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { use } from "../../src/task/use.ts";
import { wait } from "../../src/task/wait.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { flavours } from "./flavours.ts";

const sync = (log: string[], fail = false): Disposable => ({
  [Symbol.dispose]() {
    log.push("disposed");
    if (fail) throw new Error("dispose");
  },
});

const asynchronous = (log: string[], ms = 0): AsyncDisposable & Disposable => ({
  [Symbol.dispose]: () => void log.push("the wrong one"),
  async [Symbol.asyncDispose]() {
    log.push("disposing");
    if (ms > 0) await sleep(ms);
    log.push("disposed");
  },
});

describe.each(flavours)("use, $name", ({ body }) => {
  test("disposes after the body, and gives its value", async () => {
    const log: string[] = [];
    const resource = sync(log);
    const value = await spawn(
      body(function* () {
        return yield use(resource, (given) =>
          body(function* () {
            expect(given).toBe(resource);
            yield yieldNow();
            log.push("body");
            return 1;
          })(),
        );
      }),
    );
    expect([value, log]).toEqual([1, ["body", "disposed"]]);
  });

  test("prefers the async way, and waits for it", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      await spawn(
        body(function* () {
          yield use(asynchronous(log, 10), () => log.push("body"));
          log.push(`after ${clock.elapsed}`);
        }),
      );
      expect(log).toEqual(["body", "disposing", "disposed", "after 10"]);
    }));

  test("disposes after a throw, and after an abort, whose cleanup nothing reaches", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const thrown = spawn(
        body(function* () {
          yield use(sync(log), () => {
            throw new Error("x");
          });
        }),
      );
      expect(await settled(thrown)).toMatchObject({ status: "failed", error: { message: "x" } });
      const aborted = spawn(
        body(function* () {
          yield use(asynchronous(log, 10), () =>
            body(function* () {
              yield sleep(60_000);
            })(),
          );
        }),
      );
      await sleep(1);
      aborted.abort("why");
      await sleep(1);
      aborted.abort("again");
      expect(await settled(aborted)).toEqual({ status: "aborted", reason: "why" });
      expect(log).toEqual(["disposed", "disposing", "disposed"]);
      expect(clock.elapsed).toBe(11);
    }));

  test("what is after it is not reached once it was aborted, and what is around it is cleaned up", async () => {
    const log: string[] = [];
    const handle = spawn(
      body(function* () {
        try {
          yield use(asynchronous(log, 1), () =>
            body(function* () {
              yield sleep(60_000);
            })(),
          );
          log.push("not reached");
        } finally {
          log.push("around");
        }
      }),
    );
    await turn();
    handle.abort();
    expect((await settled(handle)).status).toBe("aborted");
    expect(log).toEqual(["disposing", "disposed", "around"]);
  });

  test("a failing disposal fails it, together with the body's failure", async () => {
    const one = spawn(
      body(function* () {
        yield use(sync([], true), () => 1);
      }),
    );
    expect(await settled(one)).toMatchObject({ status: "failed", error: { message: "dispose" } });
    const two = spawn(
      body(function* () {
        yield use(sync([], true), () => {
          throw new Error("body");
        });
      }),
    );
    expect(await settled(two)).toMatchObject({ error: { errors: [{ message: "body" }, { message: "dispose" }] } });
  });

  test("nothing can be used, too", async () => {
    expect(
      await spawn(
        body(function* () {
          return [yield use(undefined, (given) => given), yield use(null, (given) => given)];
        }),
      ),
    ).toEqual([undefined, null]);
  });
});

test("yield* on an Err in the body leaves the function around it, after the disposal", async () => {
  const log: string[] = [];
  const handle = spawn(function* () {
    yield* use(sync(log), function* () {
      yield* err("left");
    });
    log.push("not reached");
  });
  expect(await handle).toEqual(err("left"));
  expect(log).toEqual(["disposed"]);
});

test("a disposal that fails on the way of an Err is what the function fails with", async () => {
  const handle = spawn(function* () {
    yield* use(sync([], true), function* () {
      yield* err("left");
    });
  });
  expect(await settled(handle)).toMatchObject({ status: "failed", error: { message: "dispose" } });
});

test("nested ones are disposed inside out, through helpers that were run by plain yield*", async () => {
  const log: string[] = [];
  const named = (name: string): AsyncDisposable => ({
    async [Symbol.asyncDispose]() {
      await yieldNow();
      log.push(name);
    },
  });
  function* helper(how: "abort" | "leave") {
    yield* use(named("inner"), function* () {
      if (how === "leave") yield* err("left");
      yield* sleep(60_000);
    });
    log.push("not reached");
  }
  function* outer(how: "abort" | "leave") {
    yield* use(named("outer"), function* () {
      yield* helper(how);
      log.push("not reached");
    });
    log.push("not reached");
  }
  expect(await spawn(() => outer("leave"))).toEqual(err("left"));
  const aborted = spawn(() => outer("abort"));
  await turn();
  aborted.abort();
  expect((await settled(aborted)).status).toBe("aborted");
  expect(log).toEqual(["inner", "outer", "inner", "outer"]);
});

test("in async code, a generator body is unwound, and waited for, before the resource goes", () =>
  virtual(async () => {
    const log: string[] = [];
    const handle = spawn(async () => {
      await use(sync(log), function* () {
        try {
          yield* sleep(60_000);
        } finally {
          yield* sleep(5);
          log.push("cleaned up");
        }
      });
    });
    await sleep(1);
    handle.abort();
    expect((await settled(handle)).status).toBe("aborted");
    expect(log).toEqual(["cleaned up", "disposed"]);
  }));

test("what cannot be disposed is refused at the call", () => {
  expect(() => use({} as never, () => {})).toThrow("resource must be disposable, or nothing, not an object");
  expect(() => use(undefined, 1 as never)).toThrow("body must be a function, not 1");
});

test("in a generator task, an async body is cancelled with it, and waited for, before the resource goes", () =>
  virtual(async () => {
    const log: string[] = [];
    const handle = spawn(function* () {
      yield* use(sync(log), async () => {
        try {
          await sleep(60_000);
        } finally {
          await null;
          log.push("cleaned up");
        }
      });
      log.push("not reached");
    });
    await sleep(1);
    handle.abort();
    expect((await settled(handle)).status).toBe("aborted");
    expect(log).toEqual(["cleaned up", "disposed"]);
  }));

test("in async code, a generator body's cleanup comes before the disposal, also when the task is aborted", () =>
  virtual(async (clock) => {
    const log: string[] = [];
    const task = spawn(async () => {
      await use(sync(log), function* () {
        try {
          yield* sleep(60_000);
        } finally {
          yield* sleep(5);
          log.push(`cleaned up at ${clock.elapsed}`);
        }
      });
    });
    await sleep(10);
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    expect(log).toEqual(["cleaned up at 15", "disposed"]);
  }));

test("an async body is part of the generator task that waits for it", () =>
  virtual(async () => {
    const log: string[] = [];
    const task = spawn(function* () {
      yield* wait(
        use(sync(log), async () => {
          await yieldNow();
          await sleep(60_000).then(undefined, (error) => log.push(error.name));
        }).then(),
      );
    });
    await sleep(1);
    task.abort();
    await task.settled();
    await sleep(1);
    expect(log).toEqual(["AbortError", "disposed"]);
  }));

test("a generator body of a daemon holds no process", () =>
  virtual(async ({ host }) => {
    const daemon = spawn(
      async () =>
        await use(undefined, function* () {
          yield* sleep(1000);
        }),
      { daemon: true },
    );
    await sleep(1);
    expect([host.timers, host.heldTimers]).toEqual([1, 0]);
    daemon.abort();
    await daemon.settled();
  }));
