/** Recursion that does not deepen the stack, in both flavours. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { MisuseError } from "../../src/errors.ts";
import type { Task } from "../../src/task/body.ts";
import { call } from "../../src/task/call.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { HEAVY, quiet, turn } from "../support/turns.ts";

describe("a call", () => {
  test("hands on its arguments, and gives what the body returns, parked or not", async () => {
    const ch = chan<number>(1);
    function* add(a: number, b: string): Task<string> {
      return `${a + (yield* recv(ch))}${b}`;
    }
    ch.trySend(1);
    const task = spawn(function* () {
      const ready = yield* call(add, 1, "!");
      const parked = yield* call(add, 2, "?");
      return [ready, parked, yield* call(add, 3, ".")];
    });
    await turn();
    await ch.send(2);
    await ch.send(3);
    expect(await task).toEqual(["2!", "4?", "6."]);
  });

  test("calls what is no generator function, too, and passes its throw on", async () => {
    expect(await spawn(() => call((a: number, b: number) => a + b, 2, 3))).toBe(5);
    const fails = spawn(function* () {
      return yield* call((): number => {
        throw new RangeError("plain");
      });
    });
    await expect(fails).rejects.toThrow("plain");
  });

  test("that is aborted runs cleanup from the inside out, which may call and wait", async () => {
    const order: string[] = [];
    function* cleanup(name: string): Task<void> {
      yield* yieldNow();
      order.push(name);
    }
    function* descend(n: number): Task<void> {
      try {
        if (n < 3) yield* call(descend, n + 1);
        else yield* recv(chan());
        order.push("not reached");
      } finally {
        yield* call(cleanup, `cleanup ${n}`);
      }
    }
    const task = spawn(() => descend(1));
    await turn();
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    expect(order).toEqual(["cleanup 3", "cleanup 2", "cleanup 1"]);
  });

  test("whose body throws can be caught right around it, and the task goes on with its own frame", async () => {
    function* fail(): Task<never> {
      yield* yieldNow();
      throw new RangeError("inner");
    }
    const task = spawn(function* () {
      const caught: unknown[] = [];
      for (let i = 0; i < 3; i++) {
        try {
          yield* call(fail);
        } catch (error) {
          caught.push((error as Error).message);
        }
        yield* yieldNow();
      }
      return caught;
    });
    expect(await task).toEqual(["inner", "inner", "inner"]);
  });

  test("awaited in a task belongs to it: it is cancelled with it, and cleans up", async () => {
    const order: string[] = [];
    function* work(): Task<void> {
      try {
        yield* recv(chan());
      } finally {
        order.push("cleanup");
      }
    }
    const task = spawn(async () => {
      await call(work);
    });
    await turn();
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    await turn();
    expect(order).toEqual(["cleanup"]);
  });

  test("awaited runs the body from an empty stack, and once for each await", async () => {
    let runs = 0;
    const lazy = call(async () => ++runs);
    expect(runs).toBe(0);
    const first = lazy.then((n) => n);
    expect(runs).toBe(0);
    expect([await first, await lazy]).toEqual([1, 2]);
    await expect(
      call((): number => {
        throw new RangeError("late");
      }),
    ).rejects.toThrow("late");
  });

  test("driven where no task can is misuse", () => {
    function* body(): Task<number> {
      return 1;
    }
    expect(() => [...(call(body) as Iterable<unknown>)]).toThrow(MisuseError);
  });

  test.each([undefined, 5, {}])("of %s is a TypeError, at the call", (body) => {
    expect(() => call(body as never)).toThrow(
      new TypeError(`body must be a function, not ${body === undefined ? body : body === 5 ? 5 : "an object"}`),
    );
  });
});

describe("deep down, a call", () => {
  test(
    "recurses 10⁶ deep",
    async () => {
      function* depth(n: number): Task<number> {
        return n === 0 ? 0 : 1 + (yield* call(depth, n - 1));
      }
      expect(await spawn(() => depth(1_000_000))).toBe(1_000_000);
    },
    HEAVY,
  );

  test(
    "resuming costs the same at any depth",
    async () => {
      const ch = chan<number>();
      const resumes = 100_000;
      // Through a hundred thousand generators each time, this would take hours.
      function* descend(n: number): Task<number> {
        if (n > 0) return yield* call(descend, n - 1);
        let sum = 0;
        for (let i = 0; i < resumes; i++) sum += yield* recv(ch);
        return sum;
      }
      const task = spawn(() => descend(100_000));
      spawn(function* () {
        for (let i = 0; i < resumes; i++) yield* send(ch, 1);
      });
      expect(await task).toBe(resumes);
    },
    HEAVY,
  );

  test(
    "aborting at the bottom unwinds every frame, innermost first, past every catch",
    async () => {
      const depth = 100_000;
      const unwound: number[] = [];
      let caught = 0;
      function* descend(n: number): Task<void> {
        try {
          if (n < depth) yield* call(descend, n + 1);
          else yield* recv(chan());
        } catch {
          caught++;
        } finally {
          unwound.push(n);
        }
      }
      const task = spawn(() => descend(1));
      await quiet();
      expect(task.abort("enough")).toBe(true);
      expect(await task.settled()).toEqual({ status: "aborted", reason: "enough" });
      expect(caught).toBe(0);
      expect(unwound.length).toBe(depth);
      expect(unwound.every((n, i) => n === depth - i)).toBe(true);
    },
    HEAVY,
  );

  test(
    "a throw passes through every frame, and can be caught at any",
    async () => {
      let passed = 0;
      function* descend(n: number): Task<never> {
        try {
          if (n > 0) return yield* call(descend, n - 1);
          throw new RangeError("bottom");
        } finally {
          passed++;
        }
      }
      await expect(spawn(() => descend(100_000))).rejects.toThrow(new RangeError("bottom"));
      expect(passed).toBe(100_001);
      const caught = await spawn(function* () {
        try {
          return yield* call(descend, 10);
        } catch (error) {
          return `caught ${(error as Error).message}`;
        }
      });
      expect(caught).toBe("caught bottom");
    },
    HEAVY,
  );

  test(
    "in async code, recurses as deep",
    async () => {
      async function depth(n: number): Promise<number> {
        return n === 0 ? 0 : 1 + (await call(depth, n - 1));
      }
      expect(await depth(100_000)).toBe(100_000);
    },
    HEAVY,
  );
});
