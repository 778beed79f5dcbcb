import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { CancelledError } from "../../src/errors.ts";
import { err, ok, type Result } from "../../src/result.ts";
import { attempt } from "../../src/task/attempt.ts";
import { settled } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn } from "../support/turns.ts";
import { flavours } from "./flavours.ts";

const bad = err("bad") as Result<number, string>;

describe("attempt of a plain function", () => {
  test("gives the pair at once", () => {
    expect(attempt(() => 1)).toEqual([1, undefined]);
    const error = new RangeError("x");
    expect(
      attempt(() => {
        throw error;
      }),
    ).toEqual([undefined, error]);
    expect(attempt(() => JSON.parse("{"))[1]).toBeInstanceOf(SyntaxError);
  });

  test("what is thrown and no Error becomes the cause of one", () => {
    for (const thrown of [undefined, null, 0, "", "text"]) {
      const [value, error] = attempt(() => {
        throw thrown;
      });
      expect([value, error]).toEqual([undefined, expect.any(Error)]);
      expect((error as Error).cause).toBe(thrown);
    }
  });

  test("takes a Result apart", () => {
    expect(attempt(() => ok(1))).toEqual([1, undefined]);
    expect(attempt(() => bad)).toEqual([undefined, "bad"]);
  });
});

describe.each(flavours)("in a task, $name", ({ body }) => {
  test("promises, async functions and operations, that succeed and that fail", async () => {
    const ch = chan<number>(1);
    await ch.send(7);
    const error = new Error("x");
    const pairs = await spawn(
      body(function* () {
        const log = [
          yield attempt(Promise.resolve(1)),
          yield attempt(Promise.reject(error)),
          yield attempt(async () => 2),
          yield attempt(async () => {
            await null;
            throw error;
          }),
          yield attempt(async () => bad),
          yield attempt(recv(ch)),
        ];
        ch.close();
        return [...log, (yield attempt(recv(ch)))[1].name];
      }),
    );
    expect(pairs).toEqual([
      [1, undefined],
      [undefined, error],
      [2, undefined],
      [undefined, error],
      [undefined, "bad"],
      [7, undefined],
      "ClosedError",
    ]);
  });

  test("a generator function: its value, its throw, and the Err it is left with", async () => {
    const log: string[] = [];
    const pairs = await spawn(
      body(function* () {
        return [
          yield attempt(function* () {
            yield* yieldNow();
            return 1;
          }),
          yield attempt(function* () {
            try {
              yield* bad;
              log.push("not reached");
            } finally {
              yield* yieldNow();
              log.push("finally");
            }
          }),
          yield attempt(function* () {
            yield* yieldNow();
            throw "text";
          }),
        ];
      }),
    );
    expect(pairs).toEqual([
      [1, undefined],
      [undefined, "bad"],
      [undefined, expect.objectContaining({ cause: "text" })],
    ]);
    expect(log).toEqual(["finally"]);
  });
});

test("a promise that is attempted and not looked at is nobody's unhandled rejection", async () => {
  attempt(Promise.reject(new Error("x")));
  attempt(async () => {
    throw new Error("y");
  });
  await turn();
});

test("an aborted generator task is unwound through it; an async one gets the pair, and meets the abort again", async () => {
  const log: unknown[] = [];
  const generator = spawn(function* () {
    yield* attempt(sleep(60_000));
    log.push("not reached");
  });
  const asynchronous = spawn(async () => {
    const [, error] = await attempt(sleep(60_000));
    log.push(error);
    await yieldNow();
    log.push("not reached");
  });
  await turn();
  generator.abort();
  asynchronous.abort();
  expect([(await settled(generator)).status, (await settled(asynchronous)).status]).toEqual(["aborted", "aborted"]);
  expect(log).toEqual([expect.any(CancelledError)]);
});

test("works outside of tasks", async () => {
  expect(
    await attempt(function* () {
      yield* yieldNow();
      return (yield* bad) + 1;
    }),
  ).toEqual([undefined, "bad"]);
});

test("what cannot be attempted is refused", () => {
  expect(() => attempt(1 as never)).toThrow("work must be a function or a promise, not 1");
});
