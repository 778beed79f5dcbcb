import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { CancelledError, TimeoutError } from "../../src/errors.ts";
import { settled } from "../../src/task/join-handle.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout, timeoutAt } from "../../src/time/timeout.ts";
import { drivers } from "../support/drivers.ts";
import { virtual } from "../support/virtual.ts";
import { flavours } from "../task/flavours.ts";

describe.each(drivers)("timeout of an operation, through $name", ({ drive, start }) => {
  test("gives its value in time, and leaves no timer", () =>
    virtual(async (clock) => {
      const ch = chan<number>(1);
      await ch.send(1);
      expect(await drive(timeout(10, recv(ch)))).toBe(1);
      const limited = start(timeout(10, recv(ch)));
      await sleep(5);
      await ch.send(2);
      expect(await limited.end).toEqual({ status: "ok", value: 2 });
      expect(clock.scheduler.timers.size).toBe(0);
    }));

  test("fails when the time is over, and the operation has not happened", () =>
    virtual(async (clock) => {
      const ch = chan<number>();
      const error = await drive(timeout(10, recv(ch))).catch((thrown) => thrown);
      expect(clock.elapsed).toBe(10);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error).toMatchObject({ name: "TimeoutError", cause: expect.any(TimeoutError) });
      expect(ch.trySend(1)).toBe(false);
    }));

  test("cancelled before that, it is cancelled, and nothing is left", () =>
    virtual(async (clock) => {
      const limited = start(timeout(10, recv(chan<number>())));
      await sleep(1);
      limited.cancel();
      expect(await limited.end).toEqual({ status: "cancelled" });
      expect(clock.scheduler.timers.size).toBe(0);
    }));

  test("an operation that is ready wins over a time that is over", () =>
    virtual(async () => {
      const ch = chan<number>(1);
      const limited = timeout(0, recv(ch));
      await sleep(5);
      await ch.send(1);
      expect(await drive(limited)).toBe(1);
    }));

  test("nested ones: the tighter counts", () =>
    virtual(async (clock) => {
      const error = await drive(timeout(50, timeout(10, sleep(1000)))).catch((thrown) => thrown);
      expect([clock.elapsed, error.cause.message]).toEqual([10, "it took longer than 10 ms"]);
    }));
});

describe.each(flavours)("timeout of a body, $name", ({ body }) => {
  test("gives its value in time, and leaves no timer", () =>
    virtual(async (clock) => {
      const value = await spawn(
        body(function* () {
          return yield timeout(
            10,
            body(function* () {
              yield sleep(5);
              return 1;
            }),
          );
        }),
      );
      expect([value, clock.scheduler.timers.size]).toEqual([1, 0]);
    }));

  test("past that its waits fail, its cleanup is waited for, and the task goes on", () =>
    virtual(async (clock) => {
      const log: unknown[] = [];
      await spawn(
        body(function* () {
          try {
            yield timeout(
              10,
              body(function* () {
                try {
                  yield sleep(1000);
                } finally {
                  yield shield(
                    body(function* () {
                      yield sleep(5);
                    }),
                  );
                  log.push(`cleaned up at ${clock.elapsed}`);
                }
              }),
            );
          } catch (error) {
            log.push((error as Error).name, clock.elapsed);
          }
          yield sleep(5);
          log.push(clock.elapsed);
        }),
      );
      expect(log).toEqual(["cleaned up at 15", "TimeoutError", 15, 20]);
    }));

  test("an outer one unwinds through an inner one", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      await spawn(
        body(function* () {
          try {
            yield timeout(
              10,
              body(function* () {
                try {
                  yield timeout(
                    1000,
                    body(function* () {
                      yield sleep(5000);
                    }),
                  );
                } finally {
                  log.push("between");
                }
                log.push("not reached");
              }),
            );
          } catch (error) {
            log.push((error as Error).message);
          }
        }),
      );
      expect(log).toEqual(["between", "the wait was cancelled: it took longer than 10 ms"]);
      expect([clock.elapsed, clock.scheduler.timers.size]).toEqual([10, 0]);
    }));

  test("an inner one is over, and the outer goes on", () =>
    virtual(async (clock) => {
      const value = await spawn(
        body(function* () {
          return yield timeout(
            100,
            body(function* () {
              try {
                yield timeout(
                  10,
                  body(function* () {
                    yield sleep(1000);
                  }),
                );
              } catch {}
              yield sleep(20);
              return "went on";
            }),
          );
        }),
      );
      expect([value, clock.elapsed]).toEqual(["went on", 30]);
    }));

  test("what the body throws by itself is thrown, in time or not", () =>
    virtual(async () => {
      const failing = (ms: number) =>
        spawn(
          body(function* () {
            yield timeout(
              10,
              body(function* () {
                try {
                  yield sleep(ms);
                } finally {
                  throw new Error("own");
                }
              }),
            );
          }),
        );
      for (const ms of [5, 1000]) {
        expect(await settled(failing(ms))).toMatchObject({ status: "failed", error: { message: "own" } });
      }
    }));

  test("an abort of the task is no timeout, and leaves no timer", () =>
    virtual(async (clock) => {
      const handle = spawn(
        body(function* () {
          yield timeout(
            1000,
            body(function* () {
              yield sleep(5000);
            }),
          );
        }),
      );
      await sleep(1);
      handle.abort("why");
      expect(await settled(handle)).toEqual({ status: "aborted", reason: "why" });
      expect(clock.scheduler.timers.size).toBe(0);
    }));

  test("Infinity is no limit", () =>
    virtual(async () => {
      expect(
        await spawn(
          body(function* () {
            return yield timeout(Number.POSITIVE_INFINITY, () => 1);
          }),
        ),
      ).toBe(1);
    }));
});

test("an async body that swallows its timeout has ended as it says", () =>
  virtual(async (clock) => {
    const value = await timeout(10, async () => {
      await sleep(1000).then(undefined, () => {});
      return "swallowed";
    });
    expect([value, clock.elapsed]).toEqual(["swallowed", 10]);
  }));

test("its signal aborts what takes one", () =>
  virtual(async () => {
    let reason: unknown;
    const limited = timeout(
      10,
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject((reason = signal.reason)))),
    );
    await expect(Promise.resolve(limited)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(reason).toMatchObject({ name: "TimeoutError" });
  }));

test("a promise is abandoned through wait", () =>
  virtual(async (clock) => {
    await expect(Promise.resolve(timeout(10, wait(new Promise(() => {}))))).rejects.toMatchObject({
      name: "TimeoutError",
    });
    expect(clock.elapsed).toBe(10);
  }));

test("what cannot be limited is refused at the call", () => {
  expect(() => timeout(10, Promise.resolve(1) as never)).toThrow("wrap a promise in wait(promise)");
  expect(() => timeout(-1, async () => {})).toThrow(RangeError);
  expect(() => timeout(Number.NaN, sleep(1))).toThrow(RangeError);
});

describe.each(flavours)("the time of a body counts from when its timeout is made, $name", ({ body }) => {
  test("part of it may be over when it starts", () =>
    virtual(async (clock) => {
      const task = spawn(
        body(function* () {
          const limited = timeout(
            50,
            body(function* () {
              yield sleep(100);
            }),
          );
          yield sleep(30);
          let ended: unknown[] = [];
          try {
            yield limited;
          } catch (error) {
            ended = [(error as Error).name, clock.elapsed];
          }
          return ended;
        }),
      );
      expect(await task).toEqual(["TimeoutError", 50]);
    }));

  test("when all of it is, the body is not run", () =>
    virtual(async (clock) => {
      const task = spawn(
        body(function* () {
          let ran = false;
          const limited = timeout(50, () => {
            ran = true;
          });
          yield sleep(50);
          let ended: unknown[] = [];
          try {
            yield limited;
          } catch (error) {
            yield sleep(1);
            ended = [(error as Error).name, (error as Error).message, ran, clock.elapsed];
          }
          return ended;
        }),
      );
      const message = "the wait was cancelled: it took longer than 50 ms";
      expect(await task).toEqual(["TimeoutError", message, false, 51]);
      expect(clock.scheduler.timers.size).toBe(0);
    }));
});

describe("timeoutAt", () => {
  test("limits operations and bodies by a point in time", () =>
    virtual(async (clock) => {
      const at = clock.host.wallClock() + 20;
      await expect(Promise.resolve(timeoutAt(at, sleep(100)))).rejects.toMatchObject({ name: "TimeoutError" });
      expect(clock.elapsed).toBe(20);
      const later = new Date(at + 10);
      await expect(Promise.resolve(timeoutAt(later, async () => sleep(100)))).rejects.toMatchObject({
        name: "TimeoutError",
      });
      expect(clock.elapsed).toBe(30);
      expect(await timeoutAt(at + 1000, async () => 5)).toBe(5);
    }));

  test("refuses what is no point in time, and what cannot be limited", () => {
    expect(() => timeoutAt(new Date(Number.NaN), sleep(1))).toThrow(RangeError);
    expect(() => timeoutAt("soon" as never, sleep(1))).toThrow("when must be a Date or milliseconds since 1970");
    expect(() => timeoutAt(0, Promise.resolve(1) as never)).toThrow("wrap a promise in wait(promise)");
  });
});
