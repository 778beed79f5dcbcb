import { describe, expect, test } from "vitest";
import { err, ok, type Result } from "../src/result.ts";
import type { Task } from "../src/task/body.ts";
import { call } from "../src/task/call.ts";
import { join, settled } from "../src/task/join-handle.ts";
import { spawn } from "../src/task/spawn.ts";
import { yieldNow } from "../src/task/yield-now.ts";
import { sleep } from "../src/time/sleep.ts";
import { timeout } from "../src/time/timeout.ts";
import { turn } from "./support/turns.ts";
import { virtual } from "./support/virtual.ts";

const good = ok(2) as Result<number, string>;
const bad = err("bad") as Result<number, string>;

describe("a Result", () => {
  test("says what it is", () => {
    expect([good.isOk(), good.isErr(), bad.isOk(), bad.isErr()]).toEqual([true, false, false, true]);
    expect(good).toMatchObject({ value: 2 });
    expect(bad).toMatchObject({ error: "bad" });
  });

  test("map, mapErr, andThen, match and unwrapOr touch one side each", () => {
    expect(good.map((n) => n + 1)).toEqual(ok(3));
    expect(bad.map((n) => n + 1)).toBe(bad);
    const never = (): never => {
      throw new Error("called");
    };
    expect([bad.map(never), bad.andThen(never), good.mapErr(never)]).toEqual([bad, bad, good]);
    expect(good.mapErr((e) => e.length)).toBe(good);
    expect(bad.mapErr((e) => e.length)).toEqual(err(3));
    expect(good.andThen((n) => (n > 5 ? ok(n) : err("small")))).toEqual(err("small"));
    expect(bad.andThen((n) => ok(n))).toBe(bad);
    expect(good.match({ ok: (n) => `${n}`, err: (e) => e })).toBe("2");
    expect(bad.match({ ok: (n) => `${n}`, err: (e) => e })).toBe("bad");
    expect([good.unwrapOr(0), bad.unwrapOr(0)]).toEqual([2, 0]);
    expect([good.unwrapOrElse(never), bad.unwrapOrElse((e) => e.length)]).toEqual([2, 3]);
    expect(good.orElse(never)).toBe(good);
    expect(bad.orElse((e) => (e === "bad" ? ok(e.length) : err(e)))).toEqual(ok(3));
  });

  test("unwrap throws an Error as itself, anything else as a cause", () => {
    const error = new RangeError("out");
    expect(good.unwrap()).toBe(2);
    expect(() => err(error).unwrap()).toThrow(error);
    expect(() => bad.unwrap()).toThrow(expect.objectContaining({ message: 'unwrap of err("bad")', cause: "bad" }));
  });

  test("refuses what is no function, on either side", () => {
    expect(() => good.map(1 as never)).toThrow(TypeError);
    expect(() => bad.map(1 as never)).toThrow("change must be a function, not 1");
    expect(() => good.mapErr(1 as never)).toThrow(TypeError);
    expect(() => bad.andThen(1 as never)).toThrow(TypeError);
    for (const either of [good, bad]) {
      expect(() => either.orElse(1 as never)).toThrow("otherwise must be a function, not 1");
      expect(() => either.unwrapOrElse(1 as never)).toThrow("fallback must be a function, not 1");
      expect(() => either.match({ ok: () => 1 } as never)).toThrow("cases.err must be a function, not undefined");
      expect(() => either.match({ err: () => 1 } as never)).toThrow("cases.ok must be a function, not undefined");
      expect(() => either.match(undefined as never)).toThrow(TypeError);
    }
  });
});

describe("yield* on a Result", () => {
  test("unwraps an Ok without suspending", async () => {
    const value = await spawn(function* () {
      return (yield* good) + (yield* ok(1));
    });
    expect(value).toBe(3);
  });

  test("leaves the task with an Err: finally runs, catch does not, and nothing after it", async () => {
    const log: string[] = [];
    const handle = spawn(function* () {
      try {
        yield* bad;
        log.push("after");
      } catch {
        log.push("catch");
      } finally {
        log.push("finally");
      }
      return 1;
    });
    expect(await settled(handle)).toEqual({ status: "ok", value: bad });
    expect(log).toEqual(["finally"]);
  });

  test("waits in a finally block on the way, and keeps the Err", async () => {
    const log = await virtual(async (clock) => {
      const value = await spawn(function* () {
        try {
          return yield* bad;
        } finally {
          yield* sleep(10);
          yield* call(function* () {
            yield* sleep(5);
          });
        }
      });
      return [value, clock.elapsed];
    });
    expect(log).toEqual([bad, 15]);
  });

  test("leaves through helpers that were run by plain yield*, innermost first", async () => {
    const log: string[] = [];
    function* inner() {
      try {
        yield* bad;
      } finally {
        log.push("inner");
      }
    }
    function* outer() {
      try {
        yield* inner();
      } finally {
        log.push("outer");
      }
    }
    const value = await spawn(function* () {
      yield* outer();
      log.push("after");
      return 0;
    });
    expect(value).toBe(bad);
    expect(log).toEqual(["inner", "outer"]);
  });

  test("ends at the nearest call, block or task: those around it go on", async () => {
    const value = await spawn(function* () {
      const called = yield* call(function* () {
        yield* yieldNow();
        yield* bad;
        return 1;
      });
      const limited = yield* timeout(1000, function* () {
        yield* bad;
        return 2;
      });
      const child = spawn(function* () {
        yield* bad;
      });
      return [called, limited, yield* join(child)];
    });
    expect(value).toEqual([bad, bad, bad]);
  });

  test("a call within a call ends at the inner one", async () => {
    const value = await spawn(function* () {
      return yield* call(function* () {
        const inner = yield* call(function* () {
          yield* bad;
        });
        return ["outer", inner];
      });
    });
    expect(value).toEqual(["outer", bad]);
  });

  test("a finally block that returns wins over the Err, one that throws fails the body, as in the language", async () => {
    const returned = spawn(function* () {
      try {
        yield* bad;
      } finally {
        return 1;
      }
    });
    const thrown = spawn(function* () {
      try {
        yield* bad;
      } finally {
        throw new Error("cleanup");
      }
    });
    expect(await returned).toBe(1);
    expect(await settled(thrown)).toMatchObject({ status: "failed", error: { message: "cleanup" } });
  });

  test("an abort while the finally block waits still aborts", async () => {
    const log: string[] = [];
    const handle = spawn(function* () {
      try {
        yield* bad;
      } finally {
        try {
          yield* sleep(60_000);
        } finally {
          log.push("inner");
        }
        log.push("not reached");
      }
    });
    await turn();
    handle.abort("stop");
    expect(await settled(handle)).toEqual({ status: "aborted", reason: "stop" });
    expect(log).toEqual(["inner"]);
  });

  test("an Err in the cleanup of an aborted task changes nothing", async () => {
    const log: string[] = [];
    const handle = spawn(function* () {
      try {
        yield* call(function* () {
          try {
            yield* sleep(60_000);
          } finally {
            yield* bad;
            log.push("not reached");
          }
        });
      } finally {
        log.push("outer");
      }
    });
    await turn();
    handle.abort();
    expect((await settled(handle)).status).toBe("aborted");
    expect(log).toEqual(["outer"]);
  });

  test("an Err is a value like any other where it is not unwrapped", async () => {
    const handle = spawn(async () => bad);
    expect(await handle).toBe(bad);
    expect(
      await spawn(function* () {
        return bad;
      }),
    ).toBe(bad);
  });

  test("10⁵ in a row, and one at the bottom of 10⁵ calls", async () => {
    function* deep(n: number): Task<Result<number, string>> {
      if (n === 0) return ok(yield* bad);
      return ok(yield* yield* call(deep, n - 1));
    }
    expect(await spawn(() => deep(100_000))).toBe(bad);
    const sum = await spawn(function* () {
      let total = 0;
      for (let i = 0; i < 100_000; i++) total += yield* good;
      return total;
    });
    expect(sum).toBe(200_000);
  });

  test("results can be compared by test frameworks, which iterate what is iterable", () => {
    expect(err("a")).toEqual(err("a"));
    expect(err("a")).not.toEqual(err("b"));
    expect(ok(1)).toEqual(ok(1));
    expect(ok(1)).not.toEqual(ok(2));
    expect([...ok(1), ...err(1)]).toEqual([undefined]);
  });
});
