import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { CancelledError, MisuseError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { lock, Mutex, type MutexGuard } from "../../src/sync/mutex.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { Delegate } from "../support/delegate.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { HEAVY, quiet, turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

function guardOf<T>(wait: Driven<MutexGuard<T>>): MutexGuard<T> {
  if (wait.ended?.status !== "ok") throw new Error(`the wait ended otherwise: ${JSON.stringify(wait.ended)}`);
  return wait.ended.value;
}

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("the guard is the way to the value, until it is disposed", async () => {
    const mutex = new Mutex({ count: 1 });
    const guard = await drive(lock(mutex));
    expect(mutex.isLocked).toBe(true);
    guard.value.count++;
    guard.value = { count: guard.value.count + 10 };
    guard[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
    expect(() => guard.value).toThrow(MisuseError);
    expect(() => {
      guard.value = { count: 0 };
    }).toThrow("this guard was disposed, and with it the lock: lock the mutex again");
    const again = await drive(lock(mutex));
    expect(again.value.count).toBe(12);
  });

  test("one holds it at a time, in the order they came", async () => {
    const mutex = new Mutex<string[]>([]);
    const first = await drive(lock(mutex));
    const waits: Driven<MutexGuard<string[]>>[] = [];
    for (let i = 0; i < 3; i++) {
      waits.push(start(lock(mutex)));
      await turn();
    }
    expect(waits.map((wait) => wait.ended)).toEqual([undefined, undefined, undefined]);
    first[Symbol.dispose]();
    for (let i = 0; i < 3; i++) {
      await turn();
      expect(waits.map((wait) => wait.ended?.status)).toEqual([0, 1, 2].map((each) => (each <= i ? "ok" : undefined)));
      expect(mutex.isLocked).toBe(true);
      guardOf(waits[i] as Driven<MutexGuard<string[]>>)[Symbol.dispose]();
    }
    expect(mutex.isLocked).toBe(false);
  });

  test("it is handed over: nobody comes between", async () => {
    const mutex = new Mutex(0);
    const first = await drive(lock(mutex));
    const second = start(lock(mutex));
    await turn();
    first[Symbol.dispose]();
    expect(mutex.isLocked).toBe(true);
    expect(mutex.tryLock()).toBe(undefined);
    guardOf({ ...second, ended: await second.end })[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test("a guard disposed twice releases once", async () => {
    const mutex = new Mutex(0);
    const first = await drive(lock(mutex));
    first[Symbol.dispose]();
    const second = await drive(lock(mutex));
    first[Symbol.dispose]();
    expect([mutex.isLocked, second.value]).toEqual([true, 0]);
    expect(mutex.tryLock()).toBe(undefined);
    second[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test("a cancelled wait gives up its place, and the lock goes past it", async () => {
    const mutex = new Mutex(0);
    const held = await drive(lock(mutex));
    const [a, b] = [start(lock(mutex)), start(lock(mutex))];
    await turn();
    a.cancel();
    expect(await a.end).toEqual({ status: "cancelled" });
    held[Symbol.dispose]();
    await turn();
    guardOf(b)[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test("one that was handed the lock is not cancelled any more", async () => {
    const mutex = new Mutex(0);
    const held = await drive(lock(mutex));
    const next = start(lock(mutex));
    await turn();
    held[Symbol.dispose]();
    next.cancel();
    await next.end;
    guardOf(next)[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test(
    "2 × 10⁴ waiters are served",
    async () => {
      const mutex = new Mutex(0);
      const held = await drive(lock(mutex));
      const waits = Array.from({ length: 20_000 }, async () => {
        const guard = await drive(lock(mutex));
        guard.value++;
        guard[Symbol.dispose]();
      });
      await quiet();
      held[Symbol.dispose]();
      await Promise.all(waits);
      expect(await mutex.with((guard) => guard.value)).toBe(20_000);
    },
    HEAVY,
  );
});

describe("the methods", () => {
  test("are eager, the free function is lazy and can be driven again", async () => {
    const mutex = new Mutex(0);
    const op = lock(mutex);
    expect(mutex.isLocked).toBe(false);
    const promise = mutex.lock();
    expect(mutex.isLocked).toBe(true);
    (await promise)[Symbol.dispose]();
    (await op)[Symbol.dispose]();
    (await op)[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test("tryLock never waits", () => {
    const mutex = new Mutex("v");
    const guard = mutex.tryLock();
    expect([guard?.value, mutex.tryLock()]).toEqual(["v", undefined]);
    guard?.[Symbol.dispose]();
    mutex.tryLock()?.[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test("lock takes a signal", async () => {
    const mutex = new Mutex(0);
    const token = new CancellationToken();
    const guard = await mutex.lock({ signal: token });
    const parked = mutex.lock({ signal: token });
    token.cancel("enough");
    await expect(parked).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    guard[Symbol.dispose]();
    await expect(mutex.lock({ signal: token })).rejects.toThrow(CancelledError);
    expect(mutex.isLocked).toBe(false);
  });

  test("with locks around an async, a plain and a generator body", async () => {
    await virtual(async () => {
      const mutex = new Mutex(0);
      const add = (): Promise<number> =>
        mutex.with(async (guard) => {
          const before = guard.value;
          await sleep(1);
          guard.value = before + 1;
          return before;
        });
      expect(await Promise.all([add(), add(), add()])).toEqual([0, 1, 2]);
      expect(await mutex.with((guard) => guard.value)).toBe(3);
      const generated = await mutex.with(function* (guard) {
        yield* sleep(1);
        return guard.value * 2;
      });
      expect(generated).toBe(6);
      await expect(
        mutex.with(() => {
          throw new Error("mine");
        }),
      ).rejects.toThrow("mine");
      expect(mutex.isLocked).toBe(false);
    });
  });

  test("a mutex with nothing in it needs no value", async () => {
    const mutex = new Mutex();
    expect(await mutex.with((guard) => guard.value)).toBe(undefined);
  });

  test("what is no mutex, and no body, is refused", () => {
    expect(() => lock({} as never)).toThrow("mutex must be a Mutex, not an object");
    expect(() => lock(undefined as never)).toThrow(TypeError);
    expect(() => new Mutex(0).with(7 as never)).toThrow("body must be a function, not 7");
  });
});

describe("in tasks", () => {
  test("a critical section stays one, across waits", async () => {
    await virtual(async () => {
      const mutex = new Mutex(0);
      const tasks = Array.from({ length: 50 }, (_, i) =>
        spawn(function* () {
          for (let round = 0; round < 4; round++) {
            using guard = yield* lock(mutex);
            const before = guard.value;
            if ((i + round) % 3 === 0) yield* sleep(1);
            else yield* yieldNow();
            guard.value = before + 1;
          }
        }),
      );
      for (const task of tasks) await task;
      expect(await mutex.with((guard) => guard.value)).toBe(200);
    });
  });

  test("an aborted holder releases in its cleanup, an aborted waiter leaves", async () => {
    const mutex = new Mutex(0);
    const holder = spawn(function* () {
      using _ = yield* lock(mutex);
      yield* sleep(Number.POSITIVE_INFINITY);
    });
    const waiter = spawn(function* () {
      using _ = yield* lock(mutex);
    });
    const last = spawn(async () => {
      using guard = await mutex.lock();
      return guard.value;
    });
    await turn();
    waiter.abort();
    holder.abort();
    expect(await last).toBe(0);
    expect((await holder.settled()).status).toBe("aborted");
    expect((await waiter.settled()).status).toBe("aborted");
    expect(mutex.isLocked).toBe(false);
  });

  test("a generator task that locks what it holds is told so at once", async () => {
    const mutex = new Mutex(0);
    await spawn(function* () {
      const guard = yield* lock(mutex);
      let error: unknown;
      try {
        yield* lock(mutex);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(MisuseError);
      expect((error as Error).message).toBe("this task holds the mutex already, and would wait for itself");
      guard[Symbol.dispose]();
      // Released, it can be locked again; and the failed attempt left nothing behind.
      (yield* lock(mutex))[Symbol.dispose]();
    });
    expect(mutex.isLocked).toBe(false);
  });

  test("also when the lock was handed to it", async () => {
    const mutex = new Mutex(0);
    const first = await mutex.lock();
    const task = spawn(function* () {
      using _ = yield* lock(mutex);
      yield* lock(mutex);
    });
    await turn();
    first[Symbol.dispose]();
    await expect(task).rejects.toThrow(MisuseError);
    expect(mutex.isLocked).toBe(false);
  });

  test("one that has released it may wait for it like anybody else", async () => {
    const mutex = new Mutex(0);
    let held: MutexGuard<number> | undefined;
    const task = spawn(function* () {
      (yield* lock(mutex))[Symbol.dispose]();
      yield* wait(
        mutex.lock().then((guard) => {
          held = guard;
        }),
      );
      using guard = yield* lock(mutex);
      return guard.value;
    });
    await turn();
    expect(task.finished).toBe(false);
    held?.[Symbol.dispose]();
    expect(await task).toBe(0);
  });

  test.each(["one", "among others"])(
    "nor does one that has moved the guard to another task hold it: %s",
    async (how) => {
      await virtual(async () => {
        const mutex = new Mutex(0);
        const task = spawn(function* () {
          for (let i = 0; i < 3; i++) {
            const guard = yield* lock(mutex);
            spawn(
              function* () {
                yield* sleep(5);
                guard.value++;
              },
              { move: how === "one" ? guard : [{ [Symbol.dispose]() {} }, guard] },
            );
          }
          const last = yield* lock(mutex);
          const { value } = last;
          last[Symbol.dispose]();
          return value;
        });
        expect(await task).toBe(3);
      });
    },
  );

  test("but one that has moved another guard does", async () => {
    const mutex = new Mutex(0);
    const task = spawn(function* () {
      using _ = yield* lock(mutex);
      const other = yield* lock(new Mutex(0));
      spawn(() => yieldNow(), { move: other });
      yield* lock(mutex);
    });
    await expect(task).rejects.toThrow("this task holds the mutex already");
  });

  test("several flows of one async task may want the same lock", async () => {
    const mutex = new Mutex<number[]>([]);
    const task = spawn(async () => {
      const flow = async (i: number): Promise<void> => {
        using guard = await mutex.lock();
        await yieldNow();
        guard.value.push(i);
      };
      await Promise.all([flow(1), flow(2), flow(3)]);
      return mutex.with((guard) => guard.value);
    });
    expect(await task).toEqual([1, 2, 3]);
  });

  test("nor is a generator task misunderstood that lets async code hold the lock", async () => {
    const mutex = new Mutex(0);
    const task = spawn(function* () {
      const work = mutex.with(async (guard) => {
        await yieldNow();
        guard.value = 5;
      });
      const guard = yield* lock(mutex);
      const { value } = guard;
      guard[Symbol.dispose]();
      yield* wait(work);
      return value;
    });
    expect(await task).toBe(5);
  });

  test("a select that holds the lock may try for it again, for it has another way out", async () => {
    await virtual(async () => {
      const mutex = new Mutex(0);
      const task = spawn(function* () {
        using _ = yield* lock(mutex);
        return (yield* select({ again: lock(mutex), late: sleep(10) })).key;
      });
      expect(await task).toBe("late");
      expect(mutex.isLocked).toBe(false);
    });
  });
});

test("a request that an operation delegates to is handed the lock", async () => {
  const mutex = new Mutex(0);
  const held = await mutex.lock();
  const wait = new Delegate(lock(mutex)).then();
  held[Symbol.dispose]();
  const guard = await wait;
  expect(guard.value).toBe(0);
  guard[Symbol.dispose]();
});

describe("in a select", () => {
  test("a loser has not locked", async () => {
    const [a, b] = [new Mutex("a"), new Mutex("b")];
    const [heldA, heldB] = [await a.lock(), await b.lock()];
    const won = spawn(async () => await select({ a: lock(a), b: lock(b) }));
    await turn();
    heldB[Symbol.dispose]();
    heldA[Symbol.dispose]();
    const { key, value } = await won;
    expect([key, value.value, a.isLocked, b.isLocked]).toEqual(["b", "b", false, true]);
  });

  test("a timeout gives up the place", async () => {
    await virtual(async () => {
      const mutex = new Mutex(0);
      const held = await mutex.lock();
      await expect(timeout(20, lock(mutex))).rejects.toMatchObject({ name: "TimeoutError" });
      held[Symbol.dispose]();
      expect(mutex.isLocked).toBe(false);
    });
  });
});
