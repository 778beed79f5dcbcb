/** Who holds what, and what cannot be locked again. */
import { describe, expect, test } from "vitest";
import { MisuseError } from "../../src/errors.ts";
import { ErrGroup } from "../../src/group/err-group.ts";
import { JoinSet, joinAll } from "../../src/group/join-set.ts";
import { TaskTracker } from "../../src/group/task-tracker.ts";
import { WaitGroup } from "../../src/group/wait-group.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { tasksOf } from "../../src/kernel/task-list.ts";
import { select } from "../../src/select/select.ts";
import { acquire } from "../../src/sync/acquire.ts";
import { arrive, Barrier } from "../../src/sync/barrier.ts";
import { Condvar, waitOn } from "../../src/sync/condvar.ts";
import { lock, Mutex, type MutexGuard } from "../../src/sync/mutex.ts";
import { Notify, notified } from "../../src/sync/notify.ts";
import { getOrInit, OnceCell } from "../../src/sync/once-cell.ts";
import { RwLock, read, write } from "../../src/sync/rw-lock.ts";
import { Semaphore } from "../../src/sync/semaphore.ts";
import { SingleFlight, share } from "../../src/sync/single-flight.ts";
import type { Task } from "../../src/task/body.ts";
import { type JoinHandle, join, settled } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import type { TaskRecord } from "../../src/task/task.ts";
import { wait } from "../../src/task/wait.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { virtual } from "../support/virtual.ts";

/** The names of those who hold up `op`; `undefined` if nobody knows. */
function holdersOf(op: Operation<unknown>): unknown[] | undefined {
  const holders = op.holders?.();
  return (
    holders && [...holders].map((each) => (each as TaskRecord).name ?? (each as { describe(): string }).describe())
  );
}

const OUTSIDE = "code outside of tasks";

/** Runs each body as a task for a while. The tasks keep what they take until they are ended, all of them. */
async function held(
  bodies: Record<string, () => unknown>,
  look: (tasks: JoinHandle<unknown>[]) => void | Promise<void>,
): Promise<void> {
  await virtual(async ({ scheduler }) => {
    const tasks = Object.entries(bodies).map(([name, body]) => spawn(body as () => Promise<unknown>, { name }));
    await sleep(10);
    try {
      await look(tasks);
    } finally {
      for (const task of [...tasksOf(scheduler.tasks)].reverse()) (task as TaskRecord).abort();
      await yieldNow();
    }
  });
}

const forEver = () => sleep(Number.POSITIVE_INFINITY);

describe("a mutex knows who holds it:", () => {
  const ways: Record<string, (mutex: Mutex<number>) => unknown> = {
    "yield* lock": function* (mutex) {
      const guard = yield* lock(mutex);
      yield* forEver();
      return guard;
    },
    "lock()": async (mutex) => [await mutex.lock(), await forEver()],
    "tryLock()": async (mutex) => [mutex.tryLock(), await forEver()],
    "await lock": async (mutex) => [await lock(mutex), await forEver()],
    "with()": (mutex) => mutex.with(async () => await forEver()),
    select: async (mutex) => [await select({ mine: lock(mutex), late: sleep(5) }), await forEver()],
  };

  test.each(Object.entries(ways))("taken by %s, at once or after waiting", async (_, way) => {
    for (const wasFree of [true, false]) {
      const mutex = new Mutex(0);
      const guard = wasFree ? undefined : mutex.tryLock();
      if (!wasFree && way === ways["tryLock()"]) continue;
      expect(holdersOf(lock(mutex))).toEqual(wasFree ? undefined : [OUTSIDE]);
      await held(
        {
          holder: () => way(mutex),
          later: function* () {
            yield* sleep(1);
            guard?.[Symbol.dispose]();
            yield* lock(mutex);
          },
        },
        () => expect(holdersOf(lock(mutex))).toEqual(["holder"]),
      );
    }
  });

  test("a guard that was moved is its new task's; one that is a task's value is nobody's", async () => {
    const mutex = new Mutex(0);
    await held(
      {
        giver: function* () {
          const guard = yield* lock(mutex);
          spawn(forEver, { name: "heir", move: guard });
        },
      },
      () => expect(holdersOf(lock(mutex))).toEqual(["heir"]),
    );
    const given = new Mutex(0);
    await virtual(async () => {
      await spawn(() => lock(given));
      expect(holdersOf(lock(given))).toBeUndefined();
      const boxed = new Mutex(0);
      await spawn(async () => ({ guard: await boxed.lock() }));
      expect(holdersOf(lock(boxed))).toBeUndefined();
      const kept = new Mutex(0);
      await spawn(async () => void (await kept.lock()), { name: "careless" });
      expect(holdersOf(lock(kept))).toEqual(["careless"]);
    });
  });
});

test("a wait on a condvar is anybody's to end, until it is for the lock", async () => {
  const [mutex, condvar] = [new Mutex(0), new Condvar({ name: "c" })];
  let op: Operation<void> | undefined;
  let guard: MutexGuard<number> | undefined;
  await held(
    {
      waiter: function* () {
        const mine = yield* lock(mutex);
        op = waitOn(condvar, mine);
        yield* op;
        mine[Symbol.dispose]();
      },
      other: function* () {
        yield* sleep(1);
        guard = yield* lock(mutex);
        yield* forEver();
      },
    },
    () => {
      expect(op?.describe()).toBe('wait on condvar("c")');
      expect(holdersOf(op as Operation<void>)).toBeUndefined();
      condvar.notifyOne();
      expect(op?.describe()).toBe('lock on mutex, after wait on condvar("c")');
      expect(holdersOf(op as Operation<void>)).toEqual(["other"]);
      guard?.[Symbol.dispose]();
      expect(holdersOf(lock(mutex))).toEqual(["waiter"]);
    },
  );
});

test("a lock for many knows them all, and who stands before a reader", async () => {
  const rw = new RwLock(0);
  expect(holdersOf(write(rw))).toEqual([]);
  await held(
    {
      one: function* () {
        yield* read(rw);
        yield* forEver();
      },
      two: async () => [await rw.read(), await forEver()],
      writer: function* () {
        yield* sleep(1);
        yield* write(rw);
      },
      reader: async () => [await sleep(2), await rw.read()],
    },
    () => {
      expect(holdersOf(write(rw))?.sort()).toEqual(["one", "two"]);
      expect(holdersOf(read(rw))).toEqual(["writer"]);
      expect([write(rw).needsAll?.(), read(rw).needsAll?.()]).toEqual([true, true]);
    },
  );
  const written = new RwLock(0);
  const guard = written.tryWrite();
  expect(holdersOf(read(written))).toEqual([OUTSIDE]);
  const reader = guard?.downgrade();
  expect(holdersOf(write(written))).toEqual([OUTSIDE]);
  reader?.[Symbol.dispose]();
  expect(holdersOf(write(written))).toEqual([]);
});

test("a semaphore knows who has permits: split, merged, forgotten and given back; unless permits are added", async () => {
  const pool = new Semaphore(4);
  await held(
    {
      one: async () => {
        const permit = await pool.acquire(2);
        const half = permit.split(1);
        half.merge(permit);
        await forEver();
      },
      two: function* () {
        const permit = yield* acquire(pool);
        permit[Symbol.dispose]();
        const forgotten = yield* acquire(pool);
        forgotten.forget();
        yield* acquire(pool);
        yield* forEver();
      },
      head: async () => [await sleep(1), await pool.acquire(2)],
    },
    () => {
      expect(holdersOf(acquire(pool, 2))?.sort()).toEqual(["one", "two"]);
      pool.addPermits(1);
      expect(holdersOf(acquire(pool, 2))).toBeUndefined();
    },
  );
  const few = new Semaphore(3);
  await held(
    {
      one: async () => [await few.acquire(1), await forEver()],
      head: async () => [await sleep(1), await few.acquire(3)],
    },
    () =>
      // There would be two, but for the one who waits for three.
      expect(holdersOf(acquire(few, 2))?.sort()).toEqual(["head", "one"]),
  );
  const many = new Semaphore(101);
  const permits = Array.from({ length: 101 }, () => many.tryAcquire());
  expect(holdersOf(acquire(many))).toBeUndefined();
  permits[0]?.[Symbol.dispose]();
  expect(holdersOf(acquire(many, 2))).toEqual([OUTSIDE]);
  expect(holdersOf(acquire(new Semaphore(0)))).toBeUndefined();
});

test("groups know the tasks they wait for, as long as only tasks count", async () => {
  const ops: Record<string, Operation<unknown>> = {};
  await held(
    {
      owner: async () => {
        const set = new JoinSet<unknown>();
        set.spawn(forEver, { name: "a" });
        set.spawn(forEver, { name: "b" });
        ops["joinAll"] = joinAll(set);
        const group = new ErrGroup({ limit: 1 });
        await group.spawn(forEver, { name: "c" });
        ops["group"] = wait(group);
        const tracker = new TaskTracker();
        tracker.spawn(forEver, { name: "d" });
        ops["open"] = wait(tracker);
        await sleep(1);
        expect(holdersOf(ops["open"])).toBeUndefined();
        tracker.close();
        const waiting = new WaitGroup({ name: "w" });
        waiting.go(forEver, { name: "e" });
        ops["waiting"] = wait(waiting);
        await forEver();
      },
    },
    () => {
      expect(holdersOf(ops["joinAll"] as Operation<unknown>)).toEqual(["a", "b"]);
      expect(holdersOf(ops["group"] as Operation<unknown>)).toEqual(["c"]);
      expect(holdersOf(ops["open"] as Operation<unknown>)).toEqual(["d"]);
      expect(holdersOf(ops["waiting"] as Operation<unknown>)).toBeUndefined();
      expect(ops["waiting"]?.describe()).toBe('wait on a WaitGroup("w") at 1');
    },
  );
});

describe("a generator task is told at once that it would wait for itself:", () => {
  const again: Record<string, () => Task<unknown>> = {
    "a mutex": function* () {
      const mutex = new Mutex(0, { name: "db" });
      yield* lock(mutex);
      yield* lock(mutex);
    },
    "a mutex that it has waited for": function* () {
      const mutex = new Mutex(0);
      const guard = mutex.tryLock();
      spawn(() => sleep(1), { move: guard as Disposable });
      yield* lock(mutex);
      yield* lock(mutex);
    },
    "a mutex that a select has taken": function* () {
      const mutex = new Mutex(0);
      yield* select({ mine: lock(mutex), late: sleep(1) });
      yield* lock(mutex);
    },
    "a write in a read": function* () {
      const rw = new RwLock(0);
      yield* read(rw);
      yield* write(rw);
    },
    "a write in a write": function* () {
      const rw = new RwLock(0);
      yield* write(rw);
      yield* write(rw);
    },
    "a read in a write": function* () {
      const rw = new RwLock(0);
      yield* write(rw);
      yield* read(rw);
    },
    "an initializer of its own cell": function* () {
      const cell = new OnceCell<number>();
      yield* getOrInit(cell, function* (): Task<number> {
        return yield* getOrInit(cell, function* () {
          return 1;
        });
      });
    },
    "the work of its own flight": function* () {
      const flights = new SingleFlight<string, number>();
      yield* share(flights, "k", function* (): Task<number> {
        return yield* share(flights, "k", function* () {
          return 1;
        });
      });
    },
    "its own end": function* () {
      const own: JoinHandle<unknown>[] = [];
      own.push(
        spawn(function* (): Task<void> {
          yield* join(own[0] as JoinHandle<unknown>);
        }),
      );
      yield* join(own[0] as JoinHandle<unknown>);
    },
    "its own end, settled, in a select": function* () {
      const own: JoinHandle<unknown>[] = [];
      own.push(
        spawn(function* (): Task<void> {
          yield* select({ end: settled(own[0] as JoinHandle<unknown>), late: sleep(1000) });
        }),
      );
      yield* join(own[0] as JoinHandle<unknown>);
    },
    "the JoinSet it is in": function* () {
      const set = new JoinSet<unknown>();
      yield* join(
        set.spawn(function* () {
          return yield* joinAll(set);
        }),
      );
    },
    "the ErrGroup it is in": function* () {
      const group = new ErrGroup();
      yield* wait(
        group.spawn(function* () {
          yield* wait(group);
        }),
      );
      yield* wait(group);
    },
    "the TaskTracker it is in": function* () {
      const tracker = new TaskTracker();
      yield* join(
        tracker.spawn(function* () {
          yield* wait(tracker);
        }),
      );
    },
  };

  test.each(Object.entries(again))("%s", async (_, body) => {
    await virtual(async () => {
      const outcome = await spawn(body as never).settled();
      expect(outcome.status).toBe("failed");
      const { error } = outcome as { error: Error };
      expect(error).toBeInstanceOf(MisuseError);
      expect(error.message).toMatch(/ would wait for itself|joins itself/);
    });
  });

  test("by the name of the lock", async () => {
    const outcome = await spawn(again["a mutex"] as never).settled();
    expect((outcome as { error: Error }).error.message).toBe(
      'this task holds the mutex("db") already, and would wait for itself',
    );
  });
});

describe("async code is told at once that it waits for itself", () => {
  test("where it awaits its own value: by the handle, an operation, a select, a JoinSet", async () => {
    const own: JoinHandle<unknown>[] = [];
    const set = new JoinSet<unknown>();
    const ways: (() => PromiseLike<unknown>)[] = [
      () => own[0] as JoinHandle<unknown>,
      () => join(own[1] as JoinHandle<unknown>),
      () => select({ end: own[2] as JoinHandle<unknown>, late: sleep(1000) }),
      () => set.joinAll(),
    ];
    for (const way of ways) own.push((way === ways[3] ? set : { spawn }).spawn(async () => await way()));
    for (const handle of own) {
      const outcome = await handle.settled();
      expect((outcome as { error: Error }).error).toBeInstanceOf(MisuseError);
    }
    await set.joinAll().catch(() => {});
  });
});

describe("what may be meant is allowed:", () => {
  test("locking again in a select, and after the guard was moved, or given back", async () => {
    await virtual(async () => {
      const outcome = await spawn(function* () {
        const [mutex, rw] = [new Mutex(0), new RwLock(0)];
        const guard = yield* lock(mutex);
        const reader = yield* read(rw);
        const first = yield* select({ again: lock(mutex), late: sleep(1) });
        const second = yield* select({ again: write(rw), late: sleep(1) });
        spawn(() => sleep(5), { move: [guard, reader] });
        (yield* lock(mutex))[Symbol.dispose]();
        (yield* write(rw))[Symbol.dispose]();
        (yield* lock(mutex))[Symbol.dispose]();
        return [first.key, second.key];
      }).settled();
      expect(outcome).toEqual({ status: "ok", value: ["late", "late"] });
    });
  });

  test("a read in a read, and a lock that foreign code of the task has taken", async () => {
    await virtual(async () => {
      const outcome = await spawn(function* () {
        const [mutex, rw] = [new Mutex(0), new RwLock(0)];
        yield* read(rw);
        yield* read(rw);
        yield* wait(async () => {
          const guard = await lock(mutex);
          void sleep(5).then(() => guard[Symbol.dispose]());
        });
        (yield* lock(mutex))[Symbol.dispose]();
        yield* wait(async () => {
          const guard = await write(new RwLock(0));
          guard[Symbol.dispose]();
        });
        return "done";
      }).settled();
      expect(outcome).toEqual({ status: "ok", value: "done" });
    });
  });

  test.each(["mutex", "rw-lock"])("the promise of a method of a %s, which may be for somebody else", async (kind) => {
    await virtual(async () => {
      const outcome = await spawn(function* () {
        const [mutex, rw] = [new Mutex(0), new RwLock(0)];
        const promise: Promise<Disposable> = kind === "mutex" ? mutex.lock() : rw.read();
        void promise.then(async (guard) => {
          for (let i = 0; i < 50; i++) await undefined;
          guard[Symbol.dispose]();
        });
        const again: Disposable = kind === "mutex" ? yield* lock(mutex) : yield* write(rw);
        again[Symbol.dispose]();
        return "done";
      }).settled();
      expect(outcome).toEqual({ status: "ok", value: "done" });
    });
  });

  test("async flows that lock the same, nested calls that nobody awaits, and asking to be told of one's own end", async () => {
    const mutex = new Mutex(0);
    const log: string[] = [];
    const own = spawn(async () => {
      void (own as JoinHandle<void>).settled().then(({ status }) => log.push(status));
      await Promise.all([mutex.with(() => yieldNow()), mutex.with(() => yieldNow())]);
      await mutex.with(() => {
        void mutex.with(() => log.push("after"));
      });
    });
    await own;
    await mutex.with(() => {});
    await yieldNow();
    expect(log.sort()).toEqual(["after", "ok"]);
  });
});

describe("names", () => {
  const named: Record<string, (options: { name: string }) => Operation<unknown>[]> = {
    "mutex(N)": (options) => [lock(new Mutex(0, options)), lock(new Mutex<void>(undefined, options))],
    "rw-lock(N)": (options) => [read(new RwLock(0, options)), write(new RwLock(0, options))],
    "semaphore(3, N)": (options) => [acquire(new Semaphore(3, options))],
    "notify(N)": (options) => [notified(new Notify(options))],
    "barrier(N)": (options) => [arrive(new Barrier(2, options))],
    "a WaitGroup(N)": (options) => [wait(new WaitGroup(options))],
  };

  test.each(Object.entries(named))("%s", (shown, make) => {
    for (const op of make({ name: "accounts" })) expect(op.describe()).toContain(shown.replace("N", '"accounts"'));
    for (const op of make({} as { name: string })) expect(op.describe()).toContain(shown.replace(/\(N\)|, N/, ""));
    expect(() => make({ name: 7 as never })).toThrow("name must be a string, not 7");
    expect(() => make(7 as never)).toThrow(TypeError);
  });

  test("of a condvar", () => {
    expect(() => new Condvar({ name: 7 as never })).toThrow(TypeError);
  });
});
