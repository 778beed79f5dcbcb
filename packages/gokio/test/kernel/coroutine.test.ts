/** The yield* driver: calls, unwinding, and what abort meets in each state. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { JoinAbortedError, MisuseError } from "../../src/errors.ts";
import { ATTENTION } from "../../src/kernel/coroutine-flags.ts";
import type { Task } from "../../src/task/body.ts";
import { call } from "../../src/task/call.ts";
import { JoinHandle, settled } from "../../src/task/join-handle.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { bareTurn, HEAVY, turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe("a plain nested yield*", () => {
  test("works, parked or not, and unwinds", async () => {
    const ch = chan<number>(1);
    const events: string[] = [];
    function* inner(): Task<number> {
      try {
        return (yield* recv(ch)) + (yield* recv(ch));
      } finally {
        events.push("inner");
      }
    }
    function* outer(): Task<number> {
      try {
        return yield* inner();
      } finally {
        events.push("outer");
      }
    }
    ch.trySend(1);
    const task = spawn(outer);
    await turn();
    await ch.send(2);
    expect(await task).toBe(3);
    const aborted = spawn(outer);
    await turn();
    aborted.abort();
    expect((await aborted.settled()).status).toBe("aborted");
    expect(events).toEqual(["inner", "outer", "inner", "outer"]);
  });
});

describe("abort meets a generator task", () => {
  test("NEW: nothing of it ever runs", async () => {
    let ran = false;
    const task = spawn(function* () {
      ran = true;
      yield* yieldNow();
    });
    expect([task.abort("no"), task.abort("again"), task.finished]).toEqual([true, false, false]);
    expect(await task.settled()).toEqual({ status: "aborted", reason: "no" });
    expect(ran).toBe(false);
    await expect(task).rejects.toThrow(JoinAbortedError);
  });

  test("queued with a value: it gets the value, and meets the abort at its next wait", async () => {
    const ch = chan<number>();
    const events: unknown[] = [];
    const task = spawn(function* () {
      try {
        events.push(yield* recv(ch));
        events.push("still running");
        yield* recv(ch);
        events.push("not reached");
      } finally {
        events.push("cleaned up");
      }
    });
    await turn();
    expect(ch.trySend(7)).toBe(true);
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    expect(events).toEqual([7, "still running", "cleaned up"]);
  });

  test("queued with a value, and no wait after it: it ends as if nothing had been", async () => {
    const ch = chan<number>();
    const task = spawn(function* () {
      return yield* recv(ch);
    });
    await turn();
    ch.trySend(7);
    expect(task.abort()).toBe(true);
    expect(await task.settled()).toEqual({ status: "ok", value: 7 });
  });

  test("queued with an error: it gets that, and may catch it", async () => {
    const ch = chan<number>();
    const task = spawn(function* () {
      try {
        yield* recv(ch);
      } catch (error) {
        return (error as Error).name;
      }
      return "";
    });
    await turn();
    ch.close();
    task.abort();
    expect(await task.settled()).toEqual({ status: "ok", value: "ClosedError" });
  });

  test("about to try a wait that is ready: the abort comes first", async () => {
    const ch = chan<number>(1);
    ch.trySend(1);
    const task = spawn(function* (): Task<number> {
      task.abort("by itself");
      return yield* recv(ch);
    });
    expect(await task.settled()).toEqual({ status: "aborted", reason: "by itself" });
    expect(ch.length).toBe(1);
  });

  test("parked: it is unlinked at once, and cleaned up before any other task runs", async () => {
    const ch = chan<number>();
    const events: string[] = [];
    const task = spawn(function* () {
      try {
        yield* recv(ch);
      } finally {
        events.push("cleanup");
      }
    });
    await turn();
    spawn(() => events.push("other task"));
    task.abort();
    expect(ch.trySend(1)).toBe(false);
    expect(events).toEqual([]);
    await turn();
    expect(events).toEqual(["cleanup", "other task"]);
  });

  test("in cleanup: that is shielded, and a second abort does not break it", async () => {
    await virtual(async (clock) => {
      const events: unknown[] = [];
      const task = spawn(function* () {
        try {
          yield* sleep(1_000_000);
        } finally {
          yield* sleep(50);
          events.push(clock.elapsed);
          yield* sleep(50);
          events.push(clock.elapsed);
        }
      });
      await sleep(10);
      expect(task.abort("first")).toBe(true);
      await sleep(20);
      expect(task.abort("second")).toBe(false);
      expect(await task.settled()).toEqual({ status: "aborted", reason: "first" });
      expect(events).toEqual([60, 110]);
    });
  });

  test("in a shield: the next wait after it is unwound", async () => {
    await virtual(async (clock) => {
      const events: unknown[] = [];
      const task = spawn(function* () {
        yield* shield(function* () {
          yield* sleep(100);
          events.push(clock.elapsed);
        });
        events.push("after the shield");
        yield* sleep(100);
        events.push("not reached");
      });
      await sleep(10);
      task.abort();
      expect((await task.settled()).status).toBe("aborted");
      expect(events).toEqual([100, "after the shield"]);
    });
  });

  test("the task that aborts itself in cleanup, or ended: nothing happens", async () => {
    const task = spawn(function* () {
      yield* yieldNow();
    });
    await task;
    expect([task.abort(), task.finished]).toEqual([false, true]);
  });

  test(
    "waiting for its turn with the budget spent",
    async () => {
      const ch = chan<number>(1);
      let busy = true;
      const hog = spawn(function* () {
        while (busy) {
          yield* send(ch, 1);
          yield* recv(ch);
        }
      });
      await bareTurn();
      const statuses: string[] = [];
      for (let i = 0; i < 20; i++) {
        const victim = spawn(function* () {
          for (;;) {
            yield* send(ch, 1);
            yield* recv(ch);
          }
        });
        await bareTurn();
        victim.abort();
        statuses.push((await victim.settled()).status);
      }
      busy = false;
      await hog;
      expect(new Set(statuses)).toEqual(new Set(["aborted"]));
    },
    HEAVY,
  );
});

describe("cleanup", () => {
  test("that returns a value does not undo the abort", async () => {
    const task = spawn(function* (): Task<string> {
      try {
        yield* recv(chan());
        return "never";
      } finally {
        return "from finally";
      }
    });
    await turn();
    task.abort("why");
    expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
  });

  test("that throws fails the task, with the abort as cause", async () => {
    const error = new RangeError("cleanup");
    const task = spawn(function* () {
      try {
        yield* recv(chan());
      } finally {
        throw error;
      }
    });
    await turn();
    task.abort("why");
    expect(await task.settled()).toEqual({ status: "failed", error });
    expect(error.cause).toMatchObject({ name: "AbortError", cause: "why" });
  });

  test("that throws in several frames fails the task with all of it, and every frame is cleaned up", async () => {
    const cleaned: number[] = [];
    function* descend(n: number): Task<void> {
      try {
        if (n > 0) yield* call(descend, n - 1);
        else yield* recv(chan());
      } finally {
        cleaned.push(n);
        if (n > 0) throw new RangeError(`cleanup ${n}`);
      }
    }
    const task = spawn(() => descend(3));
    await turn();
    task.abort();
    const outcome = await task.settled();
    expect(cleaned).toEqual([0, 1, 2, 3]);
    expect(outcome.status).toBe("failed");
    const { error } = outcome as { error: AggregateError };
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors.map(String)).toEqual([1, 2, 3].map((n) => `RangeError: cleanup ${n}`));
  });

  test("can call, and be called, and wait", async () => {
    const log = chan<string>(10);
    function* close(what: string): Task<void> {
      yield* yieldNow();
      yield* send(log, what);
    }
    function* work(): Task<void> {
      try {
        yield* recv(chan());
      } finally {
        yield* call(close, "inner");
      }
    }
    const task = spawn(function* () {
      try {
        yield* call(work);
      } finally {
        yield* call(close, "outer");
      }
    });
    await turn();
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    expect([log.tryRecv()?.value, log.tryRecv()?.value]).toEqual(["inner", "outer"]);
  });
});

describe("a body that returns what is lazy runs it inside the task", () => {
  test.each([
    ["an operation", () => recv(chan())],
    ["a block", () => timeout(10_000, () => recv(chan()))],
    [
      "a block with a generator",
      () =>
        timeout(10_000, function* () {
          yield* recv(chan());
        }),
    ],
    ["a call", () => call(() => recv(chan()))],
  ])("%s", async (_what, body) => {
    await virtual(async () => {
      const task = spawn(body as unknown as () => Promise<unknown>);
      await sleep(1);
      task.abort("stop");
      expect(await task.settled()).toEqual({ status: "aborted", reason: "stop" });
    });
  });

  test("a timeout reaches an operation that its body returns, in each flavour", async () => {
    await virtual(async (clock) => {
      await expect(timeout(5, () => recv(chan()))).rejects.toMatchObject({ name: "TimeoutError" });
      const task = spawn(function* () {
        yield* timeout(5, () => recv(chan()));
      });
      await expect(task).rejects.toMatchObject({ name: "TimeoutError" });
      const handle = spawn(() => sleep(100));
      await expect(timeout(5, () => handle)).rejects.toMatchObject({ name: "TimeoutError" });
      const joins = spawn(function* () {
        yield* timeout(5, () => handle);
      });
      await expect(joins).rejects.toMatchObject({ name: "TimeoutError" });
      expect(clock.elapsed).toBe(20);
      await handle;
    });
  });
});

describe("misuse", () => {
  test("an operation driven outside a task", () => {
    const op = recv(chan());
    expect(() => op[Symbol.iterator]().next()).toThrow(MisuseError);
    expect(() => op[Symbol.iterator]().next()).toThrow(
      /^recv on chan\(0\): yield\* it in a generator task, or await it$/,
    );
    expect(() =>
      call(function* () {})
        [Symbol.iterator]()
        .next(),
    ).toThrow(MisuseError);
    expect(() =>
      timeout(5, function* () {})
        [Symbol.iterator]()
        .next(),
    ).toThrow(MisuseError);
  });

  test("a for…of loop over an operation", async () => {
    const ch = chan<number>();
    const task = spawn(function* () {
      for (const _ of recv(ch)) void _;
      yield* yieldNow();
    });
    await expect(task).rejects.toThrow("recv on chan(0): yield* it in a generator task");
    expect(ch.trySend(1)).toBe(false);
  });

  test("a for…of loop, or spreading, over an operation that is ready takes nothing", async () => {
    const ch = chan<number>(2);
    ch.trySend(1);
    const looping = spawn(function* () {
      for (const _ of recv(ch)) void _;
    });
    await expect(looping).rejects.toThrow(MisuseError);
    const spreading = spawn(function* () {
      return [...recv(ch)];
    });
    await expect(spreading).rejects.toThrow(MisuseError);
    expect(ch.tryRecv()).toEqual({ done: false, value: 1 });
  });

  test("a for…of loop that hands on what it gets does not get the task", async () => {
    const ch = chan<number>();
    const task = spawn(function* (): Task<unknown> {
      for (const parked of recv(ch)) return yield parked;
      return undefined;
    });
    await expect(task).rejects.toThrow(MisuseError);
    expect(ch.trySend(1)).toBe(false);
  });

  test("an operation that is driven by hand, and left, leaves nothing linked", async () => {
    const ch = chan<number>();
    const byHand = (): unknown =>
      recv(ch)
        [Symbol.iterator]()
        .next(undefined as never);
    const task = spawn(function* () {
      byHand();
    });
    await task;
    expect(ch.trySend(1)).toBe(false);
    const goesOn = spawn(function* () {
      byHand();
      yield* recv(ch);
    });
    await expect(goesOn).rejects.toThrow("recv on chan(0): yield* it in a generator task");
    expect(ch.trySend(1)).toBe(false);
  });

  test("a yield* in an async generator", async () => {
    const ch = chan<number>(1);
    ch.trySend(1);
    async function* wrong(): AsyncGenerator<unknown, void, unknown> {
      yield* recv(ch) as unknown as Iterable<unknown>;
    }
    await expect(wrong().next()).rejects.toThrow(MisuseError);
    const task = spawn(async () => {
      for await (const _ of wrong()) void _;
    });
    await expect(task).rejects.toThrow(MisuseError);
    expect(ch.length).toBe(1);
  });

  test("a yield without the star", async () => {
    const stray = spawn(function* () {
      yield recv(chan()) as never;
    });
    await expect(stray).rejects.toThrow("write yield* instead of yield");
    const caught = spawn(function* (): Task<string> {
      try {
        yield 5 as never;
      } catch (error) {
        return (error as Error).name;
      }
      return "";
    });
    expect(await caught).toBe("MisuseError");
  });

  test("a generator that is resumed by somebody else", async () => {
    const ch = chan<number>();
    let gen: Task<number> | undefined;
    const task = spawn(() => {
      gen = (function* (): Task<number> {
        return yield* recv(ch);
      })();
      return gen;
    });
    await turn();
    expect(() => gen?.next("stray")).toThrow(MisuseError);
    task.abort();
    await task.settled();
    await ch.recv({ signal: AbortSignal.abort() }).catch(() => {});
    expect(ch.trySend(1)).toBe(false);
  });

  test("a task that joins itself", async () => {
    const task = spawn(function* (): Task<void> {
      yield* settled(task);
    });
    await expect(task).rejects.toThrow(/joins itself/);
  });

  test("async work is awaited through wait, and its error thrown", async () => {
    const task = spawn(function* () {
      const text = yield* wait(async () => "text");
      try {
        yield* wait(Promise.reject(new RangeError("foreign")));
      } catch (error) {
        return `${text}, ${(error as Error).message}`;
      }
      return "";
    });
    expect(await task).toBe("text, foreign");
  });
});

describe("a task whose region was cancelled", () => {
  const isSlow = (task: JoinHandle<unknown>): boolean => (JoinHandle.taskOf(task).flags & ATTENTION) !== 0;

  test("waits as fast as any other once it has left that, and the cleanup in it", () =>
    virtual(async () => {
      const slow: boolean[] = [];
      const handles: JoinHandle<unknown>[] = [];
      const look = (): void => void slow.push(isSlow(handles[0] as JoinHandle<unknown>));
      handles[0] = spawn(function* () {
        try {
          yield* timeout(5, function* () {
            try {
              yield* sleep(60_000);
            } finally {
              yield* sleep(1);
              look();
            }
          });
        } catch {}
        yield* yieldNow();
        look();
        yield* sleep(1);
        look();
      });
      await handles[0];
      expect(slow).toEqual([true, false, false]);
    }));

  test("in a region that is still cancelled is not let off", () =>
    virtual(async () => {
      const log: string[] = [];
      const timed = spawn(function* () {
        try {
          yield* timeout(5, function* () {
            yield* shield(function* () {
              yield* sleep(10);
              yield* sleep(10);
              log.push("shielded");
            });
            yield* sleep(1);
            log.push("went on");
          });
        } catch (error) {
          log.push((error as Error).name);
        }
      });
      await timed;
      expect(log).toEqual(["shielded", "TimeoutError"]);
    }));
});
