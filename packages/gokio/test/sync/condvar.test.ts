import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { MisuseError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Condvar, waitOn, waitWhile } from "../../src/sync/condvar.ts";
import { lock, Mutex, type MutexGuard } from "../../src/sync/mutex.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { Delegate } from "../support/delegate.ts";
import { drivers } from "../support/drivers.ts";
import { HEAVY, turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("a wait releases the lock, and ends with the lock taken again", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    const wait = start(waitOn(condvar, guard));
    await turn();
    expect(mutex.isLocked).toBe(false);
    expect(() => guard.value).toThrow("this guard waits on a condvar");
    const other = await mutex.lock();
    other.value = 7;
    expect(condvar.notifyOne()).toBe(true);
    await turn();
    // Notified, but the lock is not back yet.
    expect(wait.ended).toBe(undefined);
    expect(() => guard.value).toThrow(MisuseError);
    other[Symbol.dispose]();
    expect((await wait.end).status).toBe("ok");
    expect([guard.value, mutex.isLocked]).toEqual([7, true]);
    guard[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test("a free lock is taken at once", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    const wait = drive(waitOn(condvar, guard));
    await turn();
    condvar.notifyAll();
    expect(mutex.isLocked).toBe(true);
    await wait;
    expect(guard.value).toBe(0);
  });

  test("a cancelled wait ends once the lock is taken again", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    const wait = start(waitOn(condvar, guard));
    await turn();
    const other = await mutex.lock();
    wait.cancel();
    await turn();
    expect(wait.ended).toBe(undefined);
    // It takes no notification any more.
    expect(condvar.notifyOne()).toBe(false);
    other[Symbol.dispose]();
    expect(await wait.end).toEqual({ status: "cancelled" });
    expect([guard.value, mutex.isLocked]).toEqual([0, true]);
    guard[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test("one that was notified is not cancelled any more", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    const wait = start(waitOn(condvar, guard));
    await turn();
    const other = await mutex.lock();
    condvar.notifyOne();
    wait.cancel();
    await turn();
    expect(wait.ended).toBe(undefined);
    other[Symbol.dispose]();
    expect((await wait.end).status).toBe("ok");
    expect(guard.value).toBe(0);
  });

  test("notifyOne serves in the order they came, notifyAll everybody", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const order: number[] = [];
    const waits = [1, 2, 3, 4].map(async (i) => {
      const guard = await mutex.lock();
      await drive(waitOn(condvar, guard));
      order.push(i);
      guard[Symbol.dispose]();
    });
    await turn();
    expect([condvar.notifyOne(), condvar.notifyOne()]).toEqual([true, true]);
    await turn();
    expect(order).toEqual([1, 2]);
    condvar.notifyAll();
    await Promise.all(waits);
    expect(order).toEqual([1, 2, 3, 4]);
    expect(condvar.notifyOne()).toBe(false);
  });

  test("a guard disposed while it waits does not keep the lock", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    const wait = start(waitOn(condvar, guard));
    await turn();
    guard[Symbol.dispose]();
    condvar.notifyOne();
    expect((await wait.end).status).toBe("ok");
    expect(mutex.isLocked).toBe(false);
    expect(() => guard.value).toThrow("was disposed");
  });
});

describe("the methods", () => {
  test("wait is eager: the lock is released by the call", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    const wait = condvar.wait(guard);
    expect(mutex.isLocked).toBe(false);
    condvar.notifyOne();
    await wait;
    expect(guard.value).toBe(0);
  });

  test("a signal that is already aborted leaves the lock where it is", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    const wait = condvar.wait(guard, { signal: AbortSignal.abort() });
    expect(guard.value).toBe(0);
    await expect(wait).rejects.toMatchObject({ name: "AbortError" });
    expect(mutex.isLocked).toBe(true);
  });

  test("waitWhile looks each time the lock is back", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const looks: number[] = [];
    const waiting = mutex.with(async (guard) => {
      await condvar.waitWhile(guard, (value) => {
        looks.push(value);
        return value < 3;
      });
      return guard.value;
    });
    for (let i = 0; i < 5; i++) {
      await turn();
      await mutex.with((guard) => guard.value++);
      condvar.notifyAll();
    }
    expect(await waiting).toBe(3);
    expect(looks).toEqual([0, 1, 2, 3]);
  });

  test("waitWhile does not wait if there is nothing to wait for, and takes a signal", async () => {
    const mutex = new Mutex(5);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    await condvar.waitWhile(guard, (value) => value < 3);
    const token = new CancellationToken();
    const waiting = condvar.waitWhile(guard, () => true, { signal: token });
    expect(mutex.isLocked).toBe(false);
    token.cancel();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect(guard.value).toBe(5);
  });

  test("waitWhile that is cancelled before it starts does not ask", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    using guard = await mutex.lock();
    const asks = (): boolean => {
      throw new Error("asked");
    };
    const cancelled = { signal: AbortSignal.abort("no") };
    await expect(condvar.waitWhile(guard, asks, cancelled)).rejects.toMatchObject({ name: "AbortError", cause: "no" });
    await expect(waitWhile(condvar, guard, asks, cancelled)).rejects.toMatchObject({ name: "AbortError" });
    let caught: unknown;
    await spawn(function* () {
      try {
        yield* waitWhile(condvar, guard, asks, cancelled);
      } catch (error) {
        caught = error;
      }
    });
    expect(caught).toMatchObject({ name: "AbortError" });
    const aborted: JoinHandle<unknown>[] = [
      spawn(async () => {
        aborted[0]?.abort();
        await condvar.waitWhile(guard, asks);
      }),
      spawn(async () => {
        aborted[1]?.abort();
        await waitWhile(condvar, guard, asks);
      }),
      spawn(function* () {
        aborted[2]?.abort();
        yield* waitWhile(condvar, guard, asks);
      }),
    ];
    for (const task of aborted) expect((await task.settled()).status).toBe("aborted");
  });

  test("a spent guard, and what is none, is refused at the call", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    const wait = condvar.wait(guard);
    expect(() => condvar.wait(guard)).toThrow("this guard waits on a condvar");
    condvar.notifyOne();
    await wait;
    guard[Symbol.dispose]();
    expect(() => condvar.wait(guard)).toThrow(MisuseError);
    expect(() => waitOn(condvar, guard)).toThrow("this guard was disposed");
    expect(() => waitOn(condvar, {} as never)).toThrow("guard must be a MutexGuard, not an object");
    expect(() => waitOn({} as never, guard)).toThrow("condvar must be a Condvar, not an object");
    const live = await mutex.lock();
    expect(() => condvar.waitWhile(live, 1 as never)).toThrow("predicate must be a function, not 1");
    const late = waitOn(condvar, live);
    live[Symbol.dispose]();
    await expect(late).rejects.toThrow(MisuseError);
  });
});

describe("a select refuses at once, and the lock stays where it is,", () => {
  test("two waits with one guard", async () => {
    const mutex = new Mutex(0);
    const [a, b] = [new Condvar(), new Condvar()];
    const guard = await mutex.lock();
    const next = mutex.lock();
    for (const both of [
      () => select({ a: waitOn(a, guard), b: waitOn(b, guard) }),
      () => select({ a: waitOn(a, guard), b: timeout(60_000, waitOn(b, guard)) }),
      () => select({ a: waitOn(a, guard), b: waitOn(b, guard, { signal: new CancellationToken() }) }),
    ]) {
      await expect(both()).rejects.toThrow("a guard can be in one wait at a time");
      const task = spawn(function* () {
        yield* both();
      });
      await expect(task).rejects.toThrow(MisuseError);
      expect([guard.value, a.notifyOne(), b.notifyOne()]).toEqual([0, false, false]);
    }
    guard[Symbol.dispose]();
    (await next)[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test("a wait and a lock of the guard's own mutex", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const guard = await mutex.lock();
    for (const both of [
      () => select({ told: waitOn(condvar, guard), locked: lock(mutex) }, { biased: true }),
      () => select({ locked: lock(mutex), told: waitOn(condvar, guard) }, { biased: true }),
    ]) {
      await expect(both()).rejects.toThrow("a select that waits with a guard cannot lock its mutex");
      expect([guard.value, condvar.notifyOne()]).toEqual([0, false]);
    }
    guard[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  test("but not the waits of two guards, nor the lock of another mutex", async () => {
    const [m, n] = [new Mutex(0), new Mutex(0)];
    const [a, b] = [new Condvar(), new Condvar()];
    const [g, h] = [await m.lock(), await n.lock()];
    const other = new Mutex(0);
    const held = await other.lock();
    const won = select({ a: waitOn(a, g), b: waitOn(b, h), c: lock(other) }).then(({ key }) => key);
    await turn();
    expect([m.isLocked, n.isLocked]).toEqual([false, false]);
    a.notifyOne();
    expect(await won).toBe("a");
    expect([g.value, h.value, held.value]).toEqual([0, 0, 0]);
    for (const each of [g, h, held]) each[Symbol.dispose]();
  });
});

test("a wait that an operation delegates to is notified", async () => {
  const mutex = new Mutex(0);
  const condvar = new Condvar();
  const guard = await mutex.lock();
  const waits = [new Delegate(waitOn(condvar, guard)), new Delegate(waitOn(condvar, guard))];
  // The second finds the guard waiting.
  const both = select({ a: waits[0], b: waits[1] });
  await expect(both).rejects.toThrow("this guard waits on a condvar");
  expect(guard.value).toBe(0);
  const wait = waits[0]?.then();
  await turn();
  condvar.notifyOne();
  await wait;
  guard[Symbol.dispose]();
});

test(
  "10⁵ guards disposed while they wait leave without a stack as deep",
  async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const waits: Promise<void>[] = [];
    for (let i = 0; i < 100_000; i++) {
      const guard = mutex.tryLock() as MutexGuard<number>;
      waits.push(condvar.wait(guard));
      guard[Symbol.dispose]();
    }
    const last = await mutex.lock();
    condvar.notifyAll();
    last[Symbol.dispose]();
    await Promise.all(waits);
    expect(mutex.isLocked).toBe(false);
  },
  HEAVY,
);

describe("in tasks", () => {
  test("a bounded buffer: producers and consumers in both flavours", async () => {
    await virtual(async () => {
      const buffer = new Mutex<number[]>([]);
      const [filled, drained] = [new Condvar(), new Condvar()];
      const taken: number[] = [];
      const produce = (from: number) =>
        spawn(function* () {
          for (let i = from; i < from + 50; i++) {
            using guard = yield* lock(buffer);
            yield* waitWhile(drained, guard, (items) => items.length === 3);
            guard.value.push(i);
            filled.notifyOne();
          }
        });
      const consume = () =>
        spawn(async () => {
          for (let i = 0; i < 50; i++) {
            using guard = await buffer.lock();
            await filled.waitWhile(guard, (items) => items.length === 0);
            taken.push(guard.value.shift() as number);
            drained.notifyOne();
          }
        });
      for (const task of [produce(0), consume(), produce(100), consume()]) await task;
      expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => (i < 50 ? i : i + 50)));
    });
  });

  test("an aborted generator task has the lock in its cleanup", async () => {
    await virtual(async (clock) => {
      const mutex = new Mutex("");
      const condvar = new Condvar();
      const task = spawn(function* () {
        const guard = yield* lock(mutex);
        try {
          yield* waitOn(condvar, guard);
        } finally {
          guard.value += `cleaned up at ${clock.elapsed}`;
          guard[Symbol.dispose]();
        }
      });
      await sleep(1);
      await mutex.with(async (guard) => {
        task.abort();
        await sleep(10);
        guard.value = "first, ";
      });
      expect((await task.settled()).status).toBe("aborted");
      expect(await mutex.with((guard) => guard.value)).toBe("first, cleaned up at 11");
    });
  });

  test("losing a select, the lock is taken again before it goes on", async () => {
    await virtual(async (clock) => {
      const mutex = new Mutex(0);
      const condvar = new Condvar();
      const task = spawn(function* () {
        using guard = yield* lock(mutex);
        const won = yield* select({ told: waitOn(condvar, guard), late: sleep(5) });
        return [won.key, clock.elapsed, guard.value];
      });
      await sleep(1);
      await mutex.with(async (guard) => {
        await sleep(10);
        guard.value = 9;
      });
      expect(await task).toEqual(["late", 11, 9]);
    });
  });

  test("so with a timeout", async () => {
    await virtual(async (clock) => {
      const mutex = new Mutex(0);
      const condvar = new Condvar();
      using guard = await mutex.lock();
      await expect(timeout(5, waitOn(condvar, guard))).rejects.toMatchObject({ name: "TimeoutError" });
      expect([clock.elapsed, guard.value]).toEqual([5, 0]);
    });
  });

  test("a generator task that waited is still told of locking twice", async () => {
    const mutex = new Mutex(0);
    const condvar = new Condvar();
    const task = spawn(function* () {
      using guard = yield* lock(mutex);
      yield* waitOn(condvar, guard);
      yield* lock(mutex);
    });
    await turn();
    condvar.notifyOne();
    await expect(task).rejects.toThrow("this task holds the mutex already");
    expect(mutex.isLocked).toBe(false);
  });
});
