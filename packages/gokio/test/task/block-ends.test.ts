/** How blocks end when they are cancelled: with all cleanup through, and without showing a generator its own abort. */
import { expect, test } from "vitest";
import type { Task } from "../../src/task/body.ts";
import { call } from "../../src/task/call.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { virtual } from "../support/virtual.ts";

test("awaited, a generator body's cleanup is over before the block throws", () =>
  virtual(async (clock) => {
    const log: string[] = [];
    const limited = timeout(10, function* () {
      try {
        yield* sleep(100);
      } finally {
        yield* sleep(20);
        log.push("cleaned");
      }
    });
    await expect(Promise.resolve(limited)).rejects.toMatchObject({ name: "TimeoutError" });
    expect([clock.elapsed, log]).toEqual([30, ["cleaned"]]);
  }));

test("yielded, an async body that is aborted with its generator does not fail it", () =>
  virtual(async () => {
    const seen: unknown[] = [];
    const task = spawn(function* () {
      try {
        yield* timeout(1000, async () => await sleep(100));
      } catch (error) {
        seen.push(error);
      }
    });
    await sleep(5);
    task.abort("why");
    expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
    expect(seen).toEqual([]);
  }));

test("what cleanup throws in calls below is not lost when a block is unwound", () =>
  virtual(async () => {
    const errors = [new Error("inner"), new Error("outer")];
    function* failing(n: number): Task<void> {
      try {
        if (n > 0) yield* call(failing, n - 1);
        else yield* sleep(100);
      } finally {
        throw errors[n];
      }
    }
    const seen: unknown[] = [];
    for (const n of [0, 1]) {
      await spawn(function* () {
        try {
          yield* timeout(10, function* () {
            yield* call(failing, n);
          });
        } catch (error) {
          seen.push(error);
        }
      });
    }
    expect(seen[0]).toBe(errors[0]);
    expect((seen[1] as AggregateError).errors).toEqual(errors);
  }));
