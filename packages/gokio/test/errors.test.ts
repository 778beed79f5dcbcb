import { describe, expect, test } from "vitest";
import { CancellationToken } from "../src/cancel/token.ts";
import { chan } from "../src/chan/chan.ts";
import { recv } from "../src/chan/ends.ts";
import { CancelledError, checkFunction, show, TimeoutError } from "../src/errors.ts";
import { sleep } from "../src/time/sleep.ts";
import { timeout } from "../src/time/timeout.ts";

describe("a value in a message", () => {
  test.each<[string, unknown, string]>([
    ["a string", "x", '"x"'],
    ["a long string", "x".repeat(100), `"${"x".repeat(60)}…"`],
    ["a number", Number.NaN, "NaN"],
    ["a bigint", 3n, "3n"],
    ["null", null, "null"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a function", function named() {}, "function named"],
    ["a function without a name", (() => () => {})(), "a function"],
    ["an object", {}, "an object"],
    ["an object without a prototype", Object.create(null), "an object"],
    ["an object whose constructor is none", { constructor: { name: 1 } }, "an object"],
    ["an array", [], "an instance of Array"],
    ["an object of a class", new AbortController(), "an instance of AbortController"],
    ["an operation", sleep(1), "an operation (sleep)"],
    ["an operation on something", recv(chan(8, { name: "jobs" })), 'an operation (recv on chan(8, "jobs"))'],
  ])("%s", (_, value, text) => {
    expect(show(value)).toBe(text);
  });

  test("is what was given", () => {
    expect(() => checkFunction("body", sleep(1) as never)).toThrow(
      new TypeError("body must be a function, not an operation (sleep)"),
    );
  });
});

describe("a deadline", () => {
  test("is told by the name of the error; the TimeoutError is its cause", async () => {
    const token = new CancellationToken().cancelAfter(1);
    for (const late of [timeout(1, sleep(60_000)), timeout(1, () => sleep(60_000)), sleep(60_000, { signal: token })]) {
      const error = await late.then(undefined, (error) => error);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error).not.toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({ name: "TimeoutError", cause: expect.any(TimeoutError) });
    }
  });
});
