import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Context } from "../../src/cancel/context.ts";
import { MisuseError } from "../../src/errors.ts";
import { call } from "../../src/task/call.ts";
import { join, settled } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { runWith, TaskLocal } from "../../src/task/task-local.ts";
import { wait } from "../../src/task/wait.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { turn } from "../support/turns.ts";
import { flavours } from "./flavours.ts";

const user = new TaskLocal<string>({ name: "user", default: "nobody" });
const depth = new TaskLocal<number>({ default: 0 });

describe("a TaskLocal", () => {
  test("has its default, or none, outside of every run", () => {
    expect(user.get()).toBe("nobody");
    expect(() => new TaskLocal<number>({ name: "id" }).get()).toThrow(
      new MisuseError("id has no value here: run(value, body) gives it one"),
    );
    expect(() => new TaskLocal().get()).toThrow("a task-local has no value here");
    expect(new TaskLocal({ default: undefined }).get()).toBeUndefined();
    expect(() => new TaskLocal("name" as never)).toThrow(TypeError);
    expect(() => user.run("ada", 1 as never)).toThrow("body must be a function, not 1");
  });

  test("works outside of tasks, too", async () => {
    expect(await user.run("ada", async () => yieldNow().then(() => user.get()))).toBe("ada");
    expect(await user.run("ada", () => user.get())).toBe("ada");
    expect(
      await user.run("ada", function* () {
        yield* yieldNow();
        return user.get();
      }),
    ).toBe("ada");
    expect(user.get()).toBe("nobody");
  });
});

describe.each(flavours)("in a task, $name", ({ body }) => {
  test("run gives the body a value, over waits, and takes it back", async () => {
    const seen = await spawn(
      body(function* () {
        const log = [user.get()];
        const inner = yield runWith(
          user,
          "ada",
          body(function* () {
            log.push(user.get());
            yield yieldNow();
            log.push(user.get());
            yield runWith(
              user,
              "bob",
              body(function* () {
                log.push(user.get());
                yield yieldNow();
              }),
            );
            log.push(user.get());
            return "result";
          }),
        );
        log.push(user.get(), inner);
        return log;
      }),
    );
    expect(seen).toEqual(["nobody", "ada", "ada", "bob", "ada", "nobody", "result"]);
  });

  test("takes it back after a throw", async () => {
    const seen = await spawn(
      body(function* () {
        try {
          yield runWith(
            user,
            "ada",
            body(function* () {
              yield yieldNow();
              throw new Error("x");
            }),
          );
        } catch {
          return user.get();
        }
        return "no throw";
      }),
    );
    expect(seen).toBe("nobody");
  });

  test("is inherited by spawned tasks, as of the spawn, and by those they spawn", async () => {
    const seen = await spawn(
      body(function* () {
        const handle = yield runWith(
          user,
          "ada",
          body(function* () {
            return [
              spawn(
                body(function* () {
                  yield yieldNow();
                  return [
                    user.get(),
                    yield join(
                      spawn(
                        body(function* () {
                          return user.get();
                        }),
                      ),
                    ),
                  ];
                }),
              ),
            ];
          }),
        );
        return [user.get(), ...((yield join(handle[0])) as string[])];
      }),
    );
    expect(seen).toEqual(["nobody", "ada", "ada"]);
  });

  test("two values do not disturb each other", async () => {
    const seen = await spawn(
      body(function* () {
        return yield runWith(
          user,
          "ada",
          body(function* () {
            return yield runWith(
              depth,
              3,
              body(function* () {
                yield yieldNow();
                return [user.get(), depth.get()];
              }),
            );
          }),
        );
      }),
    );
    expect(seen).toEqual(["ada", 3]);
  });

  test("is seen in blocks, calls and foreign code", async () => {
    const seen = await spawn(
      body(function* () {
        return yield runWith(
          user,
          "ada",
          body(function* () {
            return [
              yield timeout(
                1000,
                body(function* () {
                  yield yieldNow();
                  return user.get();
                }),
              ),
              yield call(
                body(function* () {
                  yield yieldNow();
                  return user.get();
                }),
              ),
              yield wait(async () => {
                await null;
                return user.get();
              }),
            ];
          }),
        );
      }),
    );
    expect(seen).toEqual(["ada", "ada", "ada"]);
  });

  test("a value is in force in cleanup, and no longer after an abort", async () => {
    const log: string[] = [];
    const handle = spawn(
      body(function* () {
        try {
          yield runWith(
            user,
            "ada",
            body(function* () {
              try {
                yield sleep(60_000);
              } finally {
                log.push(user.get());
              }
            }),
          );
        } finally {
          log.push(user.get());
        }
      }),
    );
    await turn();
    handle.abort();
    await settled(handle);
    expect(log).toEqual(["ada", "nobody"]);
  });

  test("random tasks, interleaved at random, see their own values only", async () => {
    const plan = fc.array(fc.array(fc.constantFrom("in", "out", "yield", "spawn"), { maxLength: 12 }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(plan, async (plans) => {
        const wrong: string[] = [];
        let fresh = 0;
        const check = (expected: string): void => {
          if (user.get() !== expected) wrong.push(`${user.get()} instead of ${expected}`);
        };
        const run = (steps: string[], at: number, expected: string): (() => Promise<number>) =>
          body(function* () {
            let i = at;
            for (; i < steps.length; i++) {
              check(expected);
              if (steps[i] === "out") return i + 1;
              if (steps[i] === "yield") yield yieldNow();
              if (steps[i] === "spawn") yield join(spawn(run([...steps.slice(i + 1)], 0, expected)));
              if (steps[i] === "in") {
                const value = `value ${++fresh}`;
                i = (yield runWith(user, value, run(steps, i + 1, value))) - 1;
                check(expected);
              }
            }
            return i;
          });
        await Promise.all(plans.map((steps) => spawn(run(steps, 0, "nobody"))));
        expect(wrong).toEqual([]);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe("run", () => {
  test("runs the body at the call, as AsyncLocalStorage does, awaited or not", async () => {
    const seen: string[] = [];
    const ran = user.run("ada", () => void seen.push(user.get()));
    expect(seen).toEqual(["ada"]);
    const slow = user.run("bob", async () => {
      await yieldNow();
      seen.push(user.get());
    });
    await ran;
    await turn();
    expect(seen).toEqual(["ada", "bob"]);
    await slow;
  });

  test("rejects with what the body throws", async () => {
    const failing = (): never => {
      throw new Error("x");
    };
    await expect(user.run("ada", failing)).rejects.toThrow("x");
    expect(user.get()).toBe("nobody");
  });

  test("may go unobserved when it is cancelled with its task", async () => {
    const log: string[] = [];
    const handle = spawn(async () => {
      void user.run("ada", async () => {
        try {
          await sleep(60_000);
        } finally {
          log.push(user.get());
        }
      });
      await sleep(60_000);
    });
    await turn();
    handle.abort();
    await settled(handle);
    await turn();
    expect(log).toEqual(["ada"]);
  });

  test("runWith does nothing before it is waited for, and is as reusable as a block", async () => {
    let runs = 0;
    const block = runWith(user, "ada", async () => ++runs);
    await turn();
    expect(runs).toBe(0);
    expect([await block, await block]).toEqual([1, 2]);
    expect(() => runWith({} as never, 1, async () => 1)).toThrow("local must be a TaskLocal, not an object");
    expect(() => runWith(user, "ada", 1 as never)).toThrow("body must be a function, not 1");
  });
});

test("a generator task's value does not show in the code that wakes it, nor in other tasks", async () => {
  const seen: string[] = [];
  const task = spawn(function* () {
    yield* runWith(user, "ada", function* () {
      yield* yieldNow();
      seen.push(user.get());
      yield* yieldNow();
    });
  });
  const other = spawn(async () => {
    for (let i = 0; i < 5; i++) {
      seen.push(user.get());
      await yieldNow();
    }
  });
  await Promise.all([task, other]);
  expect(seen.filter((name) => name === "ada")).toHaveLength(1);
  expect(Context.background.withValue(user, "x").get(user)).toBe("x");
});
