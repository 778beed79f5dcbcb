import { describe, expect, test } from "vitest";
import { settled } from "../../src/task/join-handle.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { virtual } from "../support/virtual.ts";
import { flavours } from "./flavours.ts";

describe.each(flavours)("shield, $name", ({ body }) => {
  test("runs to its end through an abort, even a second one; the wait after it meets the abort", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const handle = spawn(
        body(function* () {
          yield shield(
            body(function* () {
              yield sleep(10);
              log.push(`shielded ${clock.elapsed}`);
            }),
          );
          log.push("after");
          yield sleep(10);
          log.push("not reached");
        }),
      );
      await sleep(1);
      handle.abort("first");
      await sleep(1);
      handle.abort("second");
      expect(await settled(handle)).toEqual({ status: "aborted", reason: "first" });
      expect([log, clock.elapsed]).toEqual([["shielded 10", "after"], 10]);
    }));

  test("runs in cleanup, after the abort", () =>
    virtual(async (clock) => {
      const log: unknown[] = [];
      const handle = spawn(
        body(function* () {
          try {
            yield sleep(1000);
          } finally {
            log.push(
              yield shield(
                body(function* () {
                  yield sleep(5);
                  return "value";
                }),
              ),
            );
          }
        }),
      );
      await sleep(1);
      handle.abort();
      expect((await settled(handle)).status).toBe("aborted");
      expect([log, clock.elapsed]).toEqual([["value"], 6]);
    }));

  test("with ms, its waits fail after that, as a timeout", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const handle = spawn(
        body(function* () {
          try {
            yield sleep(1000);
          } finally {
            try {
              yield shield(
                body(function* () {
                  yield sleep(500);
                  log.push("not reached");
                }),
                { ms: 10 },
              );
            } catch (error) {
              log.push((error as Error).name);
            }
          }
        }),
      );
      await sleep(1);
      handle.abort();
      await settled(handle);
      expect([log, clock.elapsed, clock.scheduler.timers.size]).toEqual([["TimeoutError"], 11, 0]);
    }));

  test("nested: a timeout inside counts, one outside does not reach in", () =>
    virtual(async (clock) => {
      const log: unknown[] = [];
      await spawn(
        body(function* () {
          try {
            yield timeout(
              5,
              body(function* () {
                yield shield(
                  body(function* () {
                    yield shield(
                      body(function* () {
                        yield sleep(10);
                        log.push(clock.elapsed);
                      }),
                    );
                    try {
                      yield timeout(
                        5,
                        body(function* () {
                          yield sleep(100);
                        }),
                      );
                    } catch {
                      log.push(clock.elapsed);
                    }
                  }),
                );
                yield sleep(100);
                log.push("not reached");
              }),
            );
          } catch (error) {
            log.push((error as Error).name, clock.elapsed);
          }
        }),
      );
      expect(log).toEqual([10, 15, "TimeoutError", 15]);
    }));
});

test("bad input is refused at the call", () => {
  expect(() => shield(1 as never)).toThrow("body must be a function, not 1");
  expect(() => shield(() => {}, { ms: -1 })).toThrow(RangeError);
});
