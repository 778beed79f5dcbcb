/** How an abort and its outcome look from outside, in the async flavour and for those who join. */
import { EventEmitter, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { CancelledError, JoinAbortedError, show } from "../../src/errors.ts";
import { scope } from "../../src/group/scope.ts";
import { type JoinHandle, join } from "../../src/task/join-handle.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe("an async task", () => {
  test("that swallows the abort is aborted all the same, for it has met it", async () => {
    const task = spawn(async () => {
      await chan()
        .recv()
        .catch(() => {});
      return "a value";
    });
    await turn();
    task.abort("why");
    expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
  });

  test("that never meets the abort ends as it would have", async () => {
    const task = spawn(async () => {
      await Promise.resolve();
      return "a value";
    });
    await turn();
    expect(task.abort()).toBe(false);
    expect(await task).toBe("a value");
  });

  test("whose cleanup throws something else fails with that, the abort as its cause", async () => {
    const error = new RangeError("cleanup");
    const task = spawn(async () => {
      try {
        await chan().recv();
      } finally {
        throw error;
      }
    });
    await turn();
    task.abort("why");
    expect(await task.settled()).toEqual({ status: "failed", error });
    expect(error.cause).toMatchObject({ name: "AbortError", cause: "why" });
  });

  test("whose cleanup throws what cannot be written to fails with that, and the next task is not stuck", async () => {
    const frozen = Object.freeze(new Error("frozen"));
    const sealed = Object.defineProperty(new Error("read-only"), "cause", { value: undefined, writable: false });
    for (const error of [frozen, sealed, "no error", null, 5]) {
      const tasks = [
        spawn(async () => {
          try {
            await chan().recv();
          } finally {
            throw error;
          }
        }),
        spawn(function* () {
          try {
            yield* recv(chan());
          } finally {
            throw error;
          }
        }),
      ];
      await turn();
      for (const task of tasks) task.abort("why");
      for (const task of tasks) expect(await task.settled()).toEqual({ status: "failed", error });
    }
  });

  test("a child of a scope, with such cleanup, fails the scope", async () => {
    const frozen = Object.freeze(new Error("frozen"));
    const failing = scope(async (s) => {
      s.spawn(async () => {
        try {
          await chan().recv();
        } finally {
          throw frozen;
        }
      });
      await turn();
      s.cancel();
    });
    await expect(failing).rejects.toBe(frozen);
  });

  test("that was never started is aborted without running", async () => {
    let ran = false;
    const task = spawn(async () => {
      ran = true;
    });
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    expect(ran).toBe(false);
  });

  test("cleans up in a shield, which has a limit of its own", async () => {
    await virtual(async (clock) => {
      const events: unknown[] = [];
      const task = spawn(async () => {
        try {
          await sleep(1000);
        } finally {
          await shield(() => sleep(30));
          events.push(clock.elapsed);
          await shield(() => sleep(1000), { ms: 20 }).then(undefined, (error) => events.push((error as Error).name));
          events.push(clock.elapsed);
        }
      });
      await sleep(10);
      task.abort();
      expect((await task.settled()).status).toBe("aborted");
      expect(events).toEqual([40, "TimeoutError", 60]);
    });
  });

  test("its self.signal aborts with it", async () => {
    const signals: AbortSignal[] = [];
    const task = spawn(async (self) => {
      signals.push(self.signal);
      await chan().recv();
    });
    await turn();
    expect(signals[0]?.aborted).toBe(false);
    task.abort("why");
    expect(signals[0]?.aborted).toBe(true);
    expect(signals[0]?.reason).toMatchObject({ name: "AbortError", cause: "why" });
    await task.settled();
  });
});

describe("joining", () => {
  test("an aborted task throws JoinAbortedError, which is an ordinary failure", async () => {
    const child = spawn(() => chan().recv(), { name: "child" });
    const joiners = [
      spawn(async () => await child),
      spawn(function* () {
        return yield* join(child);
      }),
    ];
    await turn();
    child.abort("why");
    for (const joiner of joiners) {
      const outcome = await joiner.settled();
      expect(outcome.status).toBe("failed");
      const { error } = outcome as { error: JoinAbortedError };
      expect(error).toBeInstanceOf(JoinAbortedError);
      expect(error.message).toMatch(/^task \d+ \(child\) was aborted$/);
      expect(error.cause).toMatchObject({ name: "AbortError", cause: "why" });
    }
  });

  test("a foreign AbortError is a failure, not an abort", async () => {
    const foreign = new DOMException("theirs", "AbortError");
    const own = new CancelledError("made by hand");
    for (const error of [foreign, own]) {
      const tasks = [
        spawn(async () => {
          throw error;
        }),
        spawn(function* () {
          throw error;
        }),
      ];
      for (const task of tasks) expect(await task.settled()).toEqual({ status: "failed", error });
    }
    const signal = AbortSignal.abort("not the task's");
    const task = spawn(() => chan().recv({ signal }));
    const outcome = await task.settled();
    expect(outcome).toMatchObject({ status: "failed", error: { name: "AbortError", cause: "not the task's" } });
  });

  test("cancelling the join leaves the task alone", async () => {
    const ch = chan<number>();
    const task = spawn(() => ch.recv());
    const joiner = spawn(async () => await task);
    await turn();
    joiner.abort();
    expect((await joiner.settled()).status).toBe("aborted");
    expect(task.finished).toBe(false);
    ch.trySend(5);
    expect(await task).toBe(5);
    expect(await join(task)).toBe(5);
  });

  test("many may join, before and after the end", async () => {
    const task = spawn(() => recv(chan()));
    const early = Array.from({ length: 10 }, () => task.settled());
    await turn();
    task.abort(1);
    for (const outcome of await Promise.all(early)) expect(outcome).toEqual({ status: "aborted", reason: 1 });
    expect(await task.settled()).toEqual({ status: "aborted", reason: 1 });
  });

  test("being aborted is no failure: nobody needs to look", async () => {
    const seen = await unhandledDuring(async () => {
      const task = spawn(() => recv(chan()));
      await turn();
      task.abort();
      await turn();
    });
    expect(seen).toEqual([]);
  });

  test("await using aborts, and waits for the cleanup", async () => {
    await virtual(async (clock) => {
      const events: unknown[] = [];
      {
        await using task = spawn(function* () {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(5);
            events.push(clock.elapsed);
          }
        });
        void task;
        await sleep(10);
      }
      expect(events).toEqual([15]);
    });
  });
});

describe("what is moved into a task is disposed with it", () => {
  test.each(["ok", "failed", "aborted", "never started"])("%s", async (how) => {
    let disposed = 0;
    const resource: Disposable = { [Symbol.dispose]: () => void disposed++ };
    const task = spawn(
      async () => {
        if (how === "failed") throw new Error("failed");
        if (how === "aborted") await chan().recv();
      },
      { move: [resource, resource] },
    );
    if (how !== "never started") await turn();
    task.abort();
    await task.settled();
    expect(disposed).toBe(2);
  });

  test.each([
    { move: null, refused: null },
    { move: 5, refused: 5 },
    { move: "x", refused: "x" },
    { move: {}, refused: {} },
    { move: [null], refused: null },
    { move: [{}, 5], refused: {} },
  ])("what is not disposable is refused at the call: $move", async ({ move, refused }) => {
    let ran = false;
    const spawning = (): unknown =>
      spawn(
        async () => {
          ran = true;
        },
        { move: move as never },
      );
    expect(spawning).toThrow(TypeError);
    expect(spawning).toThrow(`move must be disposable, not ${show(refused)}`);
    await turn();
    expect(ran).toBe(false);
  });

  test("none of it is disposed when the call refuses another", async () => {
    let disposed = 0;
    const resource: Disposable = { [Symbol.dispose]: () => void disposed++ };
    expect(() => spawn(async () => {}, { move: [resource, 5 as never] })).toThrow("move must be disposable, not 5");
    await turn();
    expect(disposed).toBe(0);
    await spawn(async () => {}, { move: undefined });
  });
});

describe("an async task that the platform tells of its abort", () => {
  const told: Record<string, (signal: AbortSignal) => Promise<unknown>> = {
    "by an error of its own": (signal) => delay(60_000, undefined, { signal }),
    "of an event": (signal) => once(new EventEmitter(), "event", { signal }),
    "by the reason": (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  };

  test.each(Object.entries(told))("%s is aborted, and has not failed", async (_how, waitFor) => {
    const unhandled = await unhandledDuring(async () => {
      const task = spawn(async ({ signal }) => await waitFor(signal));
      await turn();
      task.abort("why");
      expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
    });
    expect(unhandled).toEqual([]);
  });

  test("fails if it makes an error of its own of that", async () => {
    const task = spawn(async ({ signal }) => {
      await delay(60_000, undefined, { signal }).catch(({ cause }) => {
        throw new RangeError("gave up", { cause });
      });
    });
    await turn();
    task.abort("why");
    expect(await task.settled()).toMatchObject({ status: "failed", error: { name: "RangeError" } });
  });

  test("fails with an abort of somebody else's", async () => {
    let resolve: () => void = () => {};
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    const task = spawn(async () => {
      await promise;
      await delay(60_000, undefined, { signal: AbortSignal.abort("other") });
    });
    await turn();
    task.abort();
    resolve();
    expect(await task.settled()).toMatchObject({ status: "failed", error: { name: "AbortError" } });
  });
});

describe.each(["an eager wait", "an operation", "a generator"])("the cleanup of a task whose wait is %s", (kind) => {
  test("comes before any other task", async () => {
    const ch = chan();
    const log: string[] = [];
    const task: JoinHandle<unknown> =
      kind === "a generator"
        ? spawn(function* () {
            try {
              yield* recv(ch);
            } finally {
              log.push("cleanup");
            }
          })
        : spawn(async () => {
            try {
              await (kind === "an operation" ? recv(ch) : ch.recv());
            } finally {
              log.push("cleanup");
            }
          });
    const woken = chan<string>();
    void woken.recv().then((name) => log.push(name));
    await turn();
    for (const name of ["first", "second"]) {
      spawn(function* () {
        log.push(name);
      });
    }
    woken.trySend("third");
    task.abort();
    log.push("aborted");
    await turn();
    expect(log).toEqual(["aborted", "cleanup", "first", "second", "third"]);
  });
});
