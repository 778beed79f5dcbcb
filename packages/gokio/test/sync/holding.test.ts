import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { MisuseError } from "../../src/errors.ts";
import { currentRegion } from "../../src/kernel/current.ts";
import { acquire } from "../../src/sync/acquire.ts";
import { holding } from "../../src/sync/holding.ts";
import { lock, Mutex } from "../../src/sync/mutex.ts";
import { Semaphore } from "../../src/sync/semaphore.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const FOREVER = Number.POSITIVE_INFINITY;

describe("holding", () => {
  test("is lazy, and can be driven again", async () => {
    const mutex = new Mutex(0);
    const add = holding(lock(mutex), (guard) => ++guard.value);
    await turn();
    expect(mutex.isLocked).toBe(false);
    expect([await add, await add]).toEqual([1, 2]);
    expect(mutex.isLocked).toBe(false);
  });

  test("runs any body on the stack of a generator task", async () => {
    await virtual(async () => {
      const mutex = new Mutex(1);
      const results = spawn(function* () {
        const generated = yield* holding(lock(mutex), function* (guard) {
          yield* sleep(1);
          return guard.value;
        });
        const plain = yield* holding(lock(mutex), (guard) => guard.value + 1);
        const awaited = yield* holding(lock(mutex), async (guard) => {
          await sleep(1);
          return guard.value + 2;
        });
        const operation = yield* holding(lock(mutex), () => sleep(1));
        let error: unknown;
        try {
          yield* holding(lock(mutex), function* () {
            throw new Error("mine");
          });
        } catch (thrown) {
          error = thrown;
        }
        return [generated, plain, awaited, operation, (error as Error).message];
      });
      expect(await results).toEqual([1, 2, 3, undefined, "mine"]);
      expect(mutex.isLocked).toBe(false);
    });
  });

  test("an aborted generator task gives back what it holds when its cleanup is through", async () => {
    await virtual(async (clock) => {
      const sem = new Semaphore(1);
      const events: string[] = [];
      const task = spawn(function* () {
        yield* holding(acquire(sem), function* () {
          try {
            yield* sleep(FOREVER);
          } finally {
            yield* sleep(5);
            events.push(`cleaned up at ${clock.elapsed}, ${sem.available} available`);
          }
        });
      });
      await sleep(10);
      task.abort();
      await sem.with(() => events.push(`acquired at ${clock.elapsed}`));
      expect(events).toEqual(["cleaned up at 15, 0 available", "acquired at 15"]);
      expect((await task.settled()).status).toBe("aborted");
    });
  });

  test("an async body of an aborted generator task is waited for, its waits cancelled", async () => {
    await virtual(async (clock) => {
      const mutex = new Mutex(0);
      const task = spawn(function* () {
        yield* holding(lock(mutex), async (guard) => {
          try {
            await sleep(FOREVER);
          } finally {
            guard.value = clock.elapsed;
          }
        });
      });
      await sleep(10);
      task.abort();
      expect(await mutex.with((guard) => guard.value)).toBe(10);
      await task.settled();
    });
  });

  test("outside of tasks yield* is refused", () => {
    const call = holding(lock(new Mutex(0)), () => 1);
    expect(() => call[Symbol.iterator]().next()).toThrow(MisuseError);
  });

  test("an operation that gives nothing to dispose is refused when it has", async () => {
    let ran = false;
    const body = (): void => {
      ran = true;
    };
    const call = holding(yieldNow() as never, body);
    await expect(call).rejects.toThrow(
      new TypeError("op must give something disposable, such as a guard, not undefined"),
    );
    await expect(spawn(() => call)).rejects.toThrow(TypeError);
    const generated = spawn(function* () {
      yield* call;
    });
    await expect(generated).rejects.toThrow(TypeError);
    expect(ran).toBe(false);
  });

  test("bad arguments are refused at the call", () => {
    expect(() => holding({} as never, () => 1)).toThrow("op must be an operation, not an object");
    expect(() => holding(lock(new Mutex(0)), "x" as never)).toThrow("body must be a function");
  });
});

describe("with", () => {
  test("is eager", async () => {
    const mutex = new Mutex(0);
    void mutex.with((guard) => guard.value++);
    expect(mutex.isLocked).toBe(true);
    await turn();
    expect(mutex.isLocked).toBe(false);
    expect(await mutex.with((guard) => guard.value)).toBe(1);
  });

  test("a cancelled caller that waits has run nothing", async () => {
    const mutex = new Mutex(0);
    const held = await mutex.lock();
    const token = new CancellationToken();
    let ran = false;
    const work = mutex.with(
      () => {
        ran = true;
      },
      { signal: token },
    );
    token.cancel();
    await expect(work).rejects.toMatchObject({ name: "AbortError" });
    held[Symbol.dispose]();
    expect([ran, mutex.isLocked]).toEqual([false, false]);
  });

  test("a generator body is cancelled with its caller, and its cleanup waited for", async () => {
    await virtual(async (clock) => {
      const mutex = new Mutex(0);
      const limited = timeout(10, () =>
        mutex.with(function* (guard) {
          try {
            yield* sleep(FOREVER);
          } finally {
            yield* sleep(5);
            guard.value = clock.elapsed;
          }
        }),
      );
      await expect(limited).rejects.toMatchObject({ name: "TimeoutError" });
      expect(clock.elapsed).toBe(15);
      expect(await mutex.with((guard) => guard.value)).toBe(15);
    });
  });

  test("in a plain task, too, what is held is given back after the cleanup of a generator body", async () => {
    await virtual(async (clock) => {
      const sem = new Semaphore(1);
      const task = spawn(async () => {
        await sem.with(function* () {
          try {
            yield* sleep(FOREVER);
          } finally {
            yield* sleep(5);
          }
        });
      });
      await sleep(10);
      task.abort("why");
      expect(await sem.with(() => clock.elapsed)).toBe(15);
      expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
    });
  });

  test("what that cleanup throws fails the task", async () => {
    await virtual(async () => {
      const mutex = new Mutex(0);
      const task = spawn(async () => {
        await mutex.with(function* () {
          try {
            yield* sleep(FOREVER);
          } finally {
            yield* sleep(5);
            throw new Error("cleanup");
          }
        });
      });
      await sleep(10);
      task.abort("why");
      expect(await task.settled()).toMatchObject({ status: "failed", error: { message: "cleanup" } });
      expect(mutex.isLocked).toBe(false);
    });
  });

  test("an async body is part of the generator task that calls for it, whether the lock was free or not", async () => {
    await virtual(async () => {
      for (const contended of [false, true]) {
        const mutex = new Mutex(0);
        const held = contended ? await mutex.lock() : undefined;
        let ended = "";
        const task = spawn(function* () {
          yield* wait(
            mutex.with(async () => {
              await yieldNow();
              await sleep(FOREVER).then(undefined, (error) => {
                ended = error.name;
              });
            }),
          );
        });
        await sleep(1);
        held?.[Symbol.dispose]();
        await sleep(1);
        task.abort();
        await task.settled();
        await sleep(1);
        expect([ended, mutex.isLocked]).toEqual(["AbortError", false]);
      }
    });
  });

  test("a body's operation starts in the region of the caller", async () => {
    await virtual(async () => {
      const mutex = new Mutex(0);
      const task = spawn(function* () {
        yield* wait(mutex.with(() => sleep(FOREVER)));
      });
      await sleep(1);
      task.abort();
      await task.settled();
      await sleep(1);
      expect(mutex.isLocked).toBe(false);
    });
  });

  test("a generator body of a daemon holds no process", async () => {
    await virtual(async ({ host }) => {
      const daemon = spawn(
        async () =>
          await new Mutex(0).with(function* () {
            yield* sleep(1000);
          }),
        { daemon: true },
      );
      await sleep(1);
      expect([host.timers, host.heldTimers]).toEqual([1, 0]);
      daemon.abort();
      await daemon.settled();
    });
  });

  test("its failure goes unreported only if its own task was cancelled", async () => {
    const mutex = new Mutex(0);
    const held = await mutex.lock();
    const task = spawn(async () => {
      void mutex.with(() => 1);
      await mutex.lock();
    });
    await turn();
    task.abort();
    await task.settled();
    const error = new Error("nobody asks");
    const unhandled = await unhandledDuring(() => {
      held[Symbol.dispose]();
      void mutex.with(() => Promise.reject(error));
    });
    expect(unhandled).toEqual([error]);
  });

  test("the body runs in the context of the caller", async () => {
    const mutex = new Mutex(0);
    const task = spawn(async () => {
      const outside = currentRegion();
      return mutex.with(() => currentRegion() === outside);
    });
    expect(await task).toBe(true);
  });
});
