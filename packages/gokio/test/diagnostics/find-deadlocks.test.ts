/** Tasks that can never go on are found among others that can; and those that might go on are not. */
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { broadcast } from "../../src/chan/broadcast.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { oneshot } from "../../src/chan/oneshot.ts";
import { watch } from "../../src/chan/watch.ts";
import { trackEnds } from "../../src/diagnostics/ends.ts";
import { findDeadlocks, watchDeadlocks } from "../../src/diagnostics/find-deadlocks.ts";
import type { Deadlock } from "../../src/diagnostics/findings.ts";
import { JoinSet } from "../../src/group/join-set.ts";
import { scope } from "../../src/group/scope.ts";
import { tasksOf } from "../../src/kernel/task-list.ts";
import { select } from "../../src/select/select.ts";
import { acquire } from "../../src/sync/acquire.ts";
import { Condvar, waitOn } from "../../src/sync/condvar.ts";
import { holding } from "../../src/sync/holding.ts";
import { lock, Mutex, type MutexGuard } from "../../src/sync/mutex.ts";
import { OnceCell } from "../../src/sync/once-cell.ts";
import { RwLock, read, write } from "../../src/sync/rw-lock.ts";
import { Semaphore } from "../../src/sync/semaphore.ts";
import { SingleFlight } from "../../src/sync/single-flight.ts";
import type { Task } from "../../src/task/body.ts";
import { type JoinHandle, join } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import type { TaskRecord } from "../../src/task/task.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { virtual } from "../support/virtual.ts";

/** Runs `body` in virtual time, gives what it finds, and ends all tasks. The promise that `body` is given settles then. */
async function found(body: (foreign: Promise<void>) => unknown): Promise<Deadlock[]> {
  return await virtual(async ({ scheduler }) => {
    let settle = (): void => {};
    await body(
      new Promise((resolve) => {
        settle = resolve;
      }),
    );
    await sleep(50);
    const deadlocks = await findDeadlocks();
    settle();
    // The oldest first: children end with their parents.
    for (const task of [...tasksOf(scheduler.tasks)].reverse()) (task as TaskRecord).abort();
    return deadlocks;
  });
}

/** What a deadlock comes to, without the ids. */
function briefly({ kind, tasks, behind }: Deadlock): unknown[] {
  const named = (label: string): string => label.replace(/task \d+ \((\w+)\)/, "$1");
  return [
    kind,
    ...tasks.map(({ name, operation, waitsFor }) => `${name}: ${operation} < ${waitsFor.map(named)}`),
    ...behind.map(named),
  ];
}

const both = (first: Mutex<number>, second: Mutex<number>) =>
  function* () {
    yield* holding(lock(first), function* () {
      yield* sleep(5);
      yield* holding(lock(second), function* () {});
    });
  };

describe("found is", () => {
  test("a cycle of two locks in opposite order, with traffic going on around it, and who is behind it", async () => {
    const [a, b] = [new Mutex(0, { name: "a" }), new Mutex(0, { name: "b" })];
    const ch = chan<number>(1);
    const deadlocks = await found(() => [
      spawn(
        function* () {
          for (;;) yield* select({ got: recv(ch), tick: sleep(1) });
        },
        { name: "traffic", daemon: true },
      ),
      spawn(both(a, b), { name: "ab" }),
      spawn(both(b, a), { name: "ba" }),
      spawn(
        function* () {
          yield* sleep(10);
          yield* lock(a);
        },
        { name: "late" },
      ),
      spawn(both(new Mutex(0), new Mutex(0)), { name: "fine" }),
    ]);
    expect(deadlocks.map(briefly)).toEqual([
      ["cycle", 'ab: lock on mutex("b") < ba', 'ba: lock on mutex("a") < ab', "late"],
    ]);
    expect(deadlocks[0]?.isCertain).toBe(true);
    expect(String(deadlocks[0]).replace(/task \d+/g, "task #")).toBe(
      "a deadlock: tasks that wait for each other\n" +
        '  task # (ab) waits for task # (ba): lock on mutex("b")\n' +
        '  task # (ba) waits for task # (ab): lock on mutex("a")\n' +
        "  and behind them: task # (late)",
    );
  });

  test("the same among async tasks, said with care", async () => {
    const [a, b] = [new Mutex(0, { name: "a" }), new Mutex(0, { name: "b" })];
    const nest = (first: Mutex<number>, second: Mutex<number>) => async () => {
      await first.with(async () => {
        await sleep(5);
        await second.with(() => {});
      });
    };
    const deadlocks = await found(() => [spawn(nest(a, b), { name: "ab" }), spawn(nest(b, a), { name: "ba" })]);
    expect(deadlocks.map(briefly)).toEqual([["cycle", 'ab: lock on mutex("b") < ba', 'ba: lock on mutex("a") < ab']]);
    expect(deadlocks[0]?.isCertain).toBe(false);
    expect(String(deadlocks[0])).toMatch(/^perhaps a deadlock/);
  });

  test("an async task that locks again what it holds: by lock, by with, and by an operation", async () => {
    const again: ((m: Mutex<number>) => PromiseLike<unknown>)[] = [
      (m) => m.lock(),
      (m) => m.with(() => {}),
      (m) => lock(m),
    ];
    const deadlocks = await found(() =>
      again.flatMap((second) =>
        again.map((first) =>
          spawn(
            async () => {
              const mutex = new Mutex(0, { name: "db" });
              if (first === again[1]) await mutex.with(() => second(mutex));
              else {
                await first(mutex);
                await second(mutex);
              }
            },
            { name: "self" },
          ),
        ),
      ),
    );
    expect(deadlocks.map(briefly)).toEqual(Array(9).fill(["cycle", 'self: lock on mutex("db") < self']));
    expect(String(deadlocks[0])).toContain("waits for itself: lock on mutex");
  });

  test("a mutex that an ended task has not released", async () => {
    const mutex = new Mutex(0, { name: "db" });
    const deadlocks = await found(() => [
      spawn(
        function* () {
          yield* lock(mutex);
        },
        { name: "careless" },
      ),
      spawn(
        function* () {
          yield* sleep(1);
          yield* lock(mutex);
        },
        { name: "victim" },
      ),
      spawn(
        async () => {
          await sleep(2);
          await mutex.with(() => {});
        },
        { name: "other" },
      ),
    ]);
    expect(deadlocks.map(briefly)).toEqual([
      [
        "wakerEnded",
        'victim: lock on mutex("db") < careless, which has ended',
        'other: lock on mutex("db") < careless, which has ended',
      ],
    ]);
  });

  test("a scope that waits for a child, which waits for what its parent holds: though another child is fine", async () => {
    const mutex = new Mutex(0, { name: "m" });
    const deadlocks = await found(() => [
      spawn(
        function* () {
          yield* holding(lock(mutex), function* () {
            yield* scope(function* (s) {
              s.spawn(
                function* () {
                  yield* lock(mutex);
                },
                { name: "child" },
              );
              s.spawn(() => sleep(1000), { name: "busy" });
            });
          });
        },
        { name: "parent" },
      ),
    ]);
    expect(deadlocks.map(briefly)).toEqual([
      ["cycle", "parent: the end of a scope with 2 tasks < child", 'child: lock on mutex("m") < parent'],
    ]);
  });

  test("readers and writers: an upgrade by two, and a reader behind a writer behind it", async () => {
    const upgraded = new RwLock(0, { name: "u" });
    const nested = new RwLock(0, { name: "n" });
    const deadlocks = await found(() => [
      ...["one", "two"].map((name) =>
        spawn(
          async () => {
            await upgraded.read();
            await sleep(1);
            await upgraded.write();
          },
          { name },
        ),
      ),
      spawn(
        function* () {
          yield* read(nested);
          yield* sleep(5);
          yield* read(nested);
        },
        { name: "reader" },
      ),
      spawn(
        function* () {
          yield* sleep(2);
          yield* write(nested);
        },
        { name: "writer" },
      ),
    ]);
    expect(deadlocks.map(briefly)).toEqual([
      ["cycle", 'one: write on rw-lock("u") < one', "two"],
      ["cycle", 'reader: read on rw-lock("n") < writer', 'writer: write on rw-lock("n") < reader'],
    ]);
  });

  test("two semaphores of one permit, and one whose holders all wait for it", async () => {
    const [a, b] = [new Semaphore(1, { name: "a" }), new Semaphore(1, { name: "b" })];
    const pool = new Semaphore(2, { name: "pool" });
    const nest = (first: Semaphore, second: Semaphore) =>
      function* () {
        yield* acquire(first);
        yield* sleep(1);
        yield* acquire(second);
      };
    const deadlocks = await found(() => [
      spawn(nest(a, b), { name: "ab" }),
      spawn(nest(b, a), { name: "ba" }),
      spawn(nest(pool, pool), { name: "one" }),
      spawn(nest(pool, pool), { name: "two" }),
    ]);
    expect(deadlocks.map(briefly)).toEqual([
      ["cycle", 'ab: acquire(1) on semaphore(1, "b") < ba', 'ba: acquire(1) on semaphore(1, "a") < ab'],
      ["cycle", 'one: acquire(1) on semaphore(2, "pool") < one', "two"],
    ]);
    // Somebody might add permits.
    expect(deadlocks.map(({ isCertain }) => isCertain)).toEqual([false, false]);
  });

  test("tasks that join each other, a JoinSet's included, and initializers that need one another", async () => {
    const handles: JoinHandle<unknown>[] = [];
    const [x, y] = [new OnceCell<number>(), new OnceCell<number>()];
    const flights = new SingleFlight<string, number>();
    const deadlocks = await found(() => {
      handles.push(
        spawn(
          function* (): Task<void> {
            yield* join(handles[1] as JoinHandle<unknown>);
          },
          { name: "a" },
        ),
        spawn(async () => await handles[0], { name: "b" }),
        spawn(
          async () => {
            const set = new JoinSet<unknown>();
            set.spawn(async () => await handles[2], { name: "member" });
            await set.next();
          },
          { name: "owner" },
        ),
        spawn(
          () => x.getOrInit(async () => await y.getOrInit(async () => (await x.getOrInit(async () => 1)) as number)),
          { name: "cells" },
        ),
        spawn(() => flights.do("k", async () => await flights.do("k", async () => 1)), { name: "flight" }),
      );
      return handles;
    });
    const names = deadlocks.map(({ tasks }) => tasks.map(({ name }) => name).sort());
    expect(names).toEqual([
      ["a", "b"],
      ["member", "owner"],
      ["init of once-cell", "init of once-cell"],
      ["single-flight"],
    ]);
  });

  test("who was notified, and waits for the lock again", async () => {
    const [mutex, other, condvar] = [new Mutex(0, { name: "m" }), new Mutex(0, { name: "o" }), new Condvar()];
    const deadlocks = await found(() => [
      spawn(
        function* () {
          yield* lock(other);
          const guard = yield* lock(mutex);
          yield* waitOn(condvar, guard);
        },
        { name: "waiter" },
      ),
      spawn(
        function* () {
          yield* sleep(1);
          yield* holding(lock(mutex), function* () {
            condvar.notifyOne();
            yield* lock(other);
          });
        },
        { name: "notifier" },
      ),
    ]);
    expect(deadlocks.map(briefly)).toEqual([
      [
        "cycle",
        'waiter: lock on mutex("m"), after wait on condvar < notifier',
        'notifier: lock on mutex("o") < waiter',
      ],
    ]);
  });

  test("through a guard that was moved: whose it is now", async () => {
    const [a, b] = [new Mutex(0, { name: "a" }), new Mutex(0, { name: "b" })];
    const deadlocks = await found(() => [
      spawn(
        function* () {
          const guard = yield* lock(a);
          spawn(
            function* () {
              yield* sleep(1);
              yield* lock(b);
            },
            { name: "heir", move: guard },
          );
        },
        { name: "giver" },
      ),
      spawn(both(b, a), { name: "ba" }),
    ]);
    expect(deadlocks.map(briefly)).toEqual([
      ["cycle", 'ba: lock on mutex("a") < heir', 'heir: lock on mutex("b") < ba'],
    ]);
    expect(deadlocks).toHaveLength(1);
  });
});

describe("not found is", () => {
  test("what anybody could end: daemons, receivers, sleepers, foreign awaits, waits with a signal", async () => {
    const token = new CancellationToken();
    const mutex = new Mutex(0);
    const ch = chan<number>();
    const deadlocks = await found((foreign) => [
      spawn(
        function* () {
          for (;;) yield* recv(ch);
        },
        { daemon: true },
      ),
      spawn(
        async () => {
          for await (const _ of ch);
        },
        { daemon: true },
      ),
      spawn(() => sleep(Number.POSITIVE_INFINITY)),
      spawn(async () => await foreign),
      spawn(function* () {
        yield* lock(mutex);
        yield* lock(new Mutex(0));
        yield* select({ again: lock(mutex), other: recv(ch) });
      }),
      spawn(async () => await mutex.lock({ signal: token }).catch(() => {})),
    ]);
    expect(deadlocks).toEqual([]);
  });

  test("a cycle that a deadline will end, wherever it stands", async () => {
    type Two = [a: Mutex<number>, b: Mutex<number>];
    const limited: ((...locks: Two) => () => unknown)[] = [
      (a, b) => () => timeout(1000, both(a, b)),
      (a, b) => async () => {
        await timeout(1000, async () => {
          await a.with(async () => {
            await sleep(5);
            await b.with(() => {});
          });
        });
      },
      (a, b) =>
        function* () {
          yield* holding(lock(a), function* () {
            yield* sleep(5);
            yield* timeout(1000, lock(b));
          });
        },
      (a, b) => async () => {
        await timeout(1000, () =>
          scope(async (s) => {
            s.spawn(both(a, b));
          }),
        );
      },
    ];
    for (const make of limited) {
      const locks: Two = [new Mutex(0), new Mutex(0)];
      const [a, b] = locks;
      const deadlocks = await found(() => {
        spawn(make(a, b) as () => Promise<void>);
        spawn(both(b, a));
      });
      expect(deadlocks).toEqual([]);
      for (const each of locks) expect(each.isLocked).toBe(false);
    }
  });

  test("an async task with another flow that can go on, or that asks to be told of its own end", async () => {
    const [a, b] = [new Mutex(0), new Mutex(0)];
    const handles: JoinHandle<unknown>[] = [];
    const deadlocks = await found((foreign) => {
      handles.push(
        spawn(async () => {
          const guard = await a.lock();
          await Promise.race([b.lock(), sleep(1000)]);
          guard[Symbol.dispose]();
        }),
        spawn(both(b, a)),
        spawn(async () => {
          void (handles[2] as JoinHandle<unknown>).settled().catch(() => {});
          await foreign;
        }),
      );
      return handles;
    });
    expect(deadlocks).toEqual([]);
  });

  test("who waits for a lock that code outside of tasks holds, or for a guard that a task has given as its value", async () => {
    const [outside, given] = [new Mutex(0), new Mutex(0)];
    let guard: MutexGuard<number> | undefined;
    const deadlocks = await found(async () => {
      guard = await outside.lock();
      const giver = spawn(() => lock(given));
      await giver;
      return [spawn(() => lock(outside)), spawn(() => lock(given))];
    });
    expect(deadlocks).toEqual([]);
    expect(guard).toBeDefined();
  });

  test("a semaphore that permits are added to", async () => {
    const signal = new Semaphore(0);
    const grows = new Semaphore(1);
    grows.addPermits(0);
    const deadlocks = await found(() => [
      spawn(() => acquire(signal)),
      spawn(function* () {
        yield* acquire(grows);
        yield* acquire(grows);
      }),
    ]);
    expect(deadlocks).toEqual([]);
  });

  test("the task that asks, though it waits in another flow", async () => {
    await virtual(async () => {
      const mutex = new Mutex(0);
      const task = spawn(async () => {
        const guard = await mutex.lock();
        const second = mutex.lock();
        const deadlocks = await findDeadlocks();
        guard[Symbol.dispose]();
        (await second)[Symbol.dispose]();
        return deadlocks;
      });
      expect(await task).toEqual([]);
    });
  });
});

describe("after a collection", () => {
  const forgotten: Record<string, () => () => PromiseLike<unknown>> = {
    oneshot: () => {
      const [tx, rx] = oneshot<number>({ name: "answer" });
      void tx;
      return () => rx.recv();
    },
    mpsc: () => {
      const [tx, rx] = mpsc<number>(4);
      tx.clone()[Symbol.dispose]();
      return () => rx.recv();
    },
    broadcast: () => {
      const tx = broadcast<number>(4);
      const rx = tx.subscribe();
      return () => rx.recv();
    },
    watch: () => {
      const [, rx] = watch(0);
      return async () => {
        await rx.recv();
        await rx.recv();
      };
    },
  };

  test.each(Object.entries(forgotten))("a receiver of %s is found whose sender was forgotten", async (_, make) => {
    await virtual(async () => {
      const tracking = trackEnds();
      const task = spawn(make(), { name: "receiver" });
      const behind = spawn(async () => await task, { name: "behind" });
      await yieldNow();
      expect(await findDeadlocks()).toEqual([]);
      const deadlocks = await findDeadlocks({ collect: true });
      expect(deadlocks.map(({ kind, tasks, behind }) => [kind, tasks.map(({ name }) => name), behind.length])).toEqual([
        ["sendersGone", ["receiver"], 1],
      ]);
      expect(String(deadlocks[0])).toContain("nobody left to send");
      behind.abort();
      task.abort();
      tracking[Symbol.dispose]();
    });
  });

  test("not one whose sender is there, or was made before ends were tracked", async () => {
    await virtual(async () => {
      const [before, rxBefore] = mpsc<number>(1);
      const tracking = trackEnds();
      // Collected, and the one that is known would be the last.
      (() => before.clone()[Symbol.dispose]())();
      const [tx, rx] = oneshot<number>();
      const [many, rxMany] = mpsc<number>(1);
      const last = many.clone();
      many[Symbol.dispose]();
      const tasks = [spawn(() => rx.recv()), spawn(() => rxMany.recv()), spawn(() => rxBefore.recv())];
      await yieldNow();
      expect(await findDeadlocks({ collect: true })).toEqual([]);
      tracking[Symbol.dispose]();
      tx.send(1);
      await last.send(2);
      await before.send(3);
      for (const task of tasks) await task;
    });
  });
});

describe("in the background", () => {
  test("each deadlock is told once, when it was found twice; and again if it comes back", async () => {
    await virtual(async () => {
      const told: string[] = [];
      const watching = watchDeadlocks({
        every: 100,
        onFound: (deadlock) => told.push(deadlock.tasks.map(({ name }) => name).join()),
      });
      const [a, b] = [new Mutex(0), new Mutex(0)];
      const tasks = [spawn(both(a, b), { name: "ab" }), spawn(both(b, a), { name: "ba" })];
      await sleep(150);
      expect(told).toEqual([]);
      await sleep(100);
      expect(told).toEqual(["ab,ba"]);
      await sleep(1000);
      expect(told).toEqual(["ab,ba"]);
      for (const task of tasks) task.abort();
      await sleep(200);
      const more = [spawn(both(a, b), { name: "third" }), spawn(both(b, a), { name: "fourth" })];
      await sleep(300);
      expect(told).toEqual(["ab,ba", "third,fourth"]);
      watching[Symbol.dispose]();
      watching[Symbol.dispose]();
      for (const task of more) task.abort();
    });
  });

  test("bad options are refused at the call", async () => {
    expect(() => watchDeadlocks({ every: 0 })).toThrow(RangeError);
    expect(() => watchDeadlocks({ every: Number.NaN })).toThrow(RangeError);
    expect(() => watchDeadlocks({ onFound: 1 as never })).toThrow(TypeError);
    await expect(findDeadlocks(1 as never)).rejects.toThrow(TypeError);
  });
});
