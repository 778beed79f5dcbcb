/** Failures that nobody joins: reported once, and never lost. */
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { select } from "../../src/select/select.ts";
import { currentTask } from "../../src/task/current.ts";
import { type JoinHandle, join, settled } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { onTaskError } from "../../src/task/unjoined.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn, until } from "../support/turns.ts";

type Failing = (error: unknown) => () => Promise<never>;

/** Bodies of each kind that throw `error`. Their types differ; what `spawn` makes of them does not. */
const generator = ((error: unknown) =>
  function* () {
    throw error;
  }) as unknown as Failing;
const async: Failing = (error) => async () => {
  throw error;
};
const plain = ((error: unknown) => () => {
  throw error;
}) as unknown as Failing;

describe.each(Object.entries({ generator, async, plain }))("a task that fails, %s", (_name, failing) => {
  test("and is never joined becomes an unhandled rejection, with the error itself, once", async () => {
    const error = new RangeError("nobody asks");
    expect(await unhandledDuring(() => void spawn(failing(error)))).toEqual([error]);
  });

  test("and is joined in any way does not", async () => {
    const error = new RangeError("somebody asks");
    const seen = await unhandledDuring(async () => {
      await expect(spawn(failing(error))).rejects.toBe(error);
      expect(await spawn(failing(error)).settled()).toEqual({ status: "failed", error });
      const joined = spawn(function* () {
        try {
          yield* join(spawn(failing(error)));
        } catch (thrown) {
          return thrown;
        }
        return undefined;
      });
      expect(await joined).toBe(error);
      const asked = spawn(function* () {
        return yield* settled(spawn(failing(error)));
      });
      expect(await asked).toEqual({ status: "failed", error });
    });
    expect(seen).toEqual([]);
  });

  test("and is joined in the turn it failed in does not", async () => {
    const error = new RangeError("just in time");
    const seen = await unhandledDuring(async () => {
      const task = spawn(failing(error));
      for (let i = 0; i < 3; i++) await Promise.resolve();
      await expect(task).rejects.toBe(error);
    });
    expect(seen).toEqual([]);
  });

  test("and is joined long after is reported, and still gives the error", async () => {
    const error = new RangeError("late");
    let late: unknown;
    const seen = await unhandledDuring(async () => {
      const task = spawn(failing(error));
      for (let i = 0; i < 5; i++) await turn();
      late = await task.then(
        () => "no error",
        (thrown) => thrown,
      );
    });
    expect(seen).toEqual([error]);
    expect(late).toBe(error);
  });

  test("fails with what was thrown, whatever that is", async () => {
    for (const thrown of [undefined, null, 0, "text", Symbol("s")]) {
      expect(await spawn(failing(thrown)).settled()).toEqual({ status: "failed", error: thrown });
      expect(await unhandledDuring(() => void spawn(failing(thrown)))).toEqual([thrown]);
    }
  });
});

test("several failures are several reports", async () => {
  const errors = [1, 2, 3].map((n) => new RangeError(`failure ${n}`));
  const seen = await unhandledDuring(() => {
    for (const error of errors) spawn(generator(error));
  });
  expect(seen).toEqual(errors);
});

describe("onTaskError", () => {
  test("hooks are told of the error and the task; the first that returns true has dealt with it", async () => {
    const error = new RangeError("hooked");
    const told: unknown[] = [];
    using _first = onTaskError((thrown, { name }) => void told.push(["first", thrown, name]));
    using _second = onTaskError((thrown, { id }) => {
      told.push(["second", thrown, typeof id]);
      return true;
    });
    using _third = onTaskError(() => void told.push("third"));
    const seen = await unhandledDuring(() => void spawn(async(error), { name: "worker" }));
    expect(seen).toEqual([]);
    expect(told).toEqual([
      ["first", error, "worker"],
      ["second", error, "number"],
    ]);
  });

  test("a hook that does not deal with it leaves it unhandled", async () => {
    let told = 0;
    using _ = onTaskError(() => {
      told++;
    });
    const error = new RangeError("watched");
    expect(await unhandledDuring(() => void spawn(generator(error)))).toEqual([error]);
    expect(told).toBe(1);
  });

  test("a hook that was disposed is told nothing", async () => {
    let told = 0;
    onTaskError(() => {
      told++;
      return true;
    })[Symbol.dispose]();
    const error = new RangeError("unhooked");
    expect(await unhandledDuring(() => void spawn(generator(error)))).toEqual([error]);
    expect(told).toBe(0);
  });

  test("refuses what is no function", () => {
    expect(() => onTaskError(5 as never)).toThrow(new TypeError("hook must be a function, not 5"));
  });
});

test("a failure while others keep the run queue busy is reported when it first runs dry", async () => {
  const error = new RangeError("in the midst");
  let told = false;
  using _ = onTaskError((thrown) => {
    told = thrown === error;
    return true;
  });
  spawn(generator(error));
  const busy = spawn(async () => {
    for (let i = 0; i < 5; i++) await sleep(0);
  });
  await until(() => told);
  await busy;
});

describe("a join that ended before the task did silences nothing:", () => {
  const leavings: Record<string, (task: JoinHandle<never>) => PromiseLike<unknown>> = {
    "it lost a select": (task) => select({ task, other: yieldNow() }),
    "it was given up for a default": (task) => select({ task }, { default: undefined }),
    "it timed out": (task) => timeout(0, join(task)).then(undefined, () => {}),
    "its signal was aborted": async (task) => {
      const controller = new AbortController();
      const joining = join(task, { signal: controller.signal }).then(undefined, () => {});
      controller.abort();
      await joining;
    },
    "its task was aborted": async (task) => {
      const joiner = spawn(function* () {
        yield* settled(task);
      });
      await turn();
      joiner.abort();
      await joiner.settled();
    },
  };

  test.each(Object.entries(leavings))("%s", async (_how, leave) => {
    const error = new RangeError("after all");
    const ch = chan<void>();
    const seen = await unhandledDuring(async () => {
      const task = spawn(async (): Promise<never> => {
        await ch.recv();
        throw error;
      });
      await leave(task);
      await ch.send();
      await until(() => task.finished);
      await turn();
      expect(await task.settled()).toEqual({ status: "failed", error });
    });
    expect(seen).toEqual([error]);
  });

  test("one that is there at the end has asked", async () => {
    const error = new RangeError("somebody asks");
    const ch = chan<void>();
    const seen = await unhandledDuring(async () => {
      const task = spawn(async (): Promise<never> => {
        await ch.recv();
        throw error;
      });
      const joining = select({ task, other: sleep(60_000) }).then(undefined, (thrown) => thrown);
      await ch.send();
      expect(await joining).toBe(error);
    });
    expect(seen).toEqual([]);
  });
});

describe("a hook", () => {
  const fail = (name: string) => {
    const failing = spawn(
      async (): Promise<never> => {
        throw new Error("failed");
      },
      { name },
    );
    return failing;
  };

  test("that throws is told of, too, and keeps neither the others nor the failure from being told", async () => {
    const broken = new Error("broken hook");
    const told: unknown[] = [];
    const seen = await unhandledDuring(async () => {
      using _ = onTaskError(() => {
        throw broken;
      });
      using __ = onTaskError((error) => void told.push(error));
      fail("it");
      await until(() => told.length === 1);
    });
    expect(told).toMatchObject([{ message: "failed" }]);
    expect(seen).toMatchObject([{ message: "broken hook" }, { message: "failed" }]);
  });

  test("is told the id and the name, and nothing else", async () => {
    const told: unknown[] = [];
    using _ = onTaskError((_error, task) => {
      told.push(task);
      return true;
    });
    const { id } = fail("it");
    await until(() => told.length === 1);
    expect(told).toStrictEqual([{ id, name: "it" }]);
  });

  test("runs in nobody's context, and what it starts is not cancelled with the task", async () => {
    const store = new AsyncLocalStorage<string>();
    const ch = chan<unknown[]>(1);
    using _ = onTaskError(() => {
      void ch.send([store.getStore(), currentTask()]);
      return true;
    });
    const failing = store.run("secret", () =>
      spawn(
        async () => {
          try {
            await sleep(60_000);
          } finally {
            await Promise.reject(new Error("cleanup"));
          }
        },
        { inherit: true },
      ),
    );
    await turn();
    failing.abort();
    expect(await ch.recv()).toEqual([undefined, undefined]);
  });
});
