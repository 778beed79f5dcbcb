/** Starting tasks: when the body runs, what it is, and what it takes from where it was spawned. */

import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { MisuseError } from "../../src/errors.ts";
import { ErrGroup, spawnInto } from "../../src/group/err-group.ts";
import { JoinSet } from "../../src/group/join-set.ts";
import { mapConcurrent } from "../../src/group/map-concurrent.ts";
import { scope } from "../../src/group/scope.ts";
import { TaskTracker } from "../../src/group/task-tracker.ts";
import { WaitGroup } from "../../src/group/wait-group.ts";
import { dispose } from "../../src/kernel/dispose.ts";
import type { Task } from "../../src/task/body.ts";
import { currentTask } from "../../src/task/current.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { TaskLocal } from "../../src/task/task-local.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { flavours } from "./flavours.ts";

/** Everything that starts a task, once, when it is called. */
const groups = [
  { name: "a scope", run: (w: Worker) => scope(async (s) => void [s.spawn(w(1)), s.spawn(w(2))]) },
  {
    name: "a JoinSet",
    run: async (w: Worker) => {
      const set = new JoinSet<void>();
      set.spawn(w(1));
      set.spawn(w(2));
      await set.joinAll();
    },
  },
  {
    name: "an ErrGroup",
    run: async (w: Worker) => {
      const group = new ErrGroup({ limit: 1 });
      expect(group.trySpawn(w(1))).toBe(true);
      await group.spawn(w(2));
      await group.wait();
    },
  },
  {
    name: "a TaskTracker",
    run: async (w: Worker) => {
      const tracker = new TaskTracker();
      tracker.spawn(w(1));
      tracker.spawn(w(2));
      tracker.close();
      await tracker.wait();
    },
  },
  {
    name: "a WaitGroup",
    run: async (w: Worker) => {
      const group = new WaitGroup();
      group.go(w(1));
      group.go(w(2));
      await group.wait();
    },
  },
];
type Worker = (n: number) => Task<void>;

describe("the body", () => {
  test("never runs inside spawn, nor before those who were ready before", async () => {
    const order: string[] = [];
    const ch = chan<string>();
    const woken = spawn(function* () {
      order.push(yield* recv(ch));
    });
    await turn();
    ch.trySend("woken before");
    const tasks = [
      spawn(async () => order.push("async")),
      spawn(function* () {
        order.push("generator");
      }),
    ];
    order.push("the spawner goes on");
    await Promise.all([woken, ...tasks]);
    expect(order).toEqual(["the spawner goes on", "woken before", "async", "generator"]);
  });

  test("runs once, whatever wakes its task", async () => {
    let runs = 0;
    const task = spawn(function* () {
      runs++;
      yield* yieldNow();
      yield* sleep(1);
      return runs;
    });
    expect(await task).toBe(1);
  });

  test("is an async function, a generator function, or a plain one that gives a promise, a generator, an operation or a value", async () => {
    const ch = chan<number>(8);
    for (let i = 0; i < 3; i++) ch.trySend(i);
    const tasks = [
      spawn(async () => await ch.recv()),
      spawn(function* () {
        return yield* recv(ch);
      }),
      spawn(() => recv(ch)),
      spawn(() => Promise.resolve(3)),
      spawn(() =>
        (function* () {
          yield* yieldNow();
          return 4;
        })(),
      ),
      spawn(() => 5),
    ];
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("is given its own task, however it takes it", async () => {
    const fallback = { id: -1 };
    const named = spawn(async ({ name }) => name, { name: "named" });
    const rest = spawn(async (...all: unknown[]) => all);
    const generator = spawn(function* (...all: { id: number }[]) {
      return all.map(({ id }) => id);
    });
    const byDefault = spawn(async (self: { id: number } = fallback) => self.id);
    const byArguments = spawn(function () {
      // biome-ignore lint/complexity/noArguments: it is a way to take them.
      return arguments.length;
    });
    const blocks = spawn(async () => [
      await scope(async (...all: unknown[]) => all.length),
      await shield(async (...all: unknown[]) => all.length),
      await timeout(1000, async (...all: unknown[]) => all.length),
      await mapConcurrent([1], 1, async (...all: unknown[]) => (all.length > 0 ? 1 : 0)),
    ]);
    expect(await named).toBe("named");
    expect(await rest).toMatchObject([{ id: rest.id }]);
    expect(await generator).toEqual([generator.id]);
    expect(await byDefault).toBe(byDefault.id);
    expect(await byArguments).toBe(1);
    expect(await blocks).toEqual([1, 1, 1, [1]]);
  });

  test("that throws at once fails the task, not the spawner", async () => {
    const task = spawn((): number => {
      throw new RangeError("at once");
    });
    await expect(task).rejects.toThrow("at once");
  });

  test.each([undefined, null, 5, Promise.resolve(), {}, [].values()])(
    "must be a function, not %s: thrown at the call",
    (body) => {
      expect(() => spawn(body as never)).toThrow(TypeError);
      expect(() => spawn(body as never)).toThrow("body must be a function");
    },
  );
});

describe("the generator of a body", () => {
  test("is run as the function would be: not inside spawn, with the arguments it was made with", async () => {
    const order: string[] = [];
    const ch = chan<number>(1);
    function* worker(name: string, ...numbers: number[]): Task<number> {
      order.push(name);
      for (const n of numbers) yield* send(ch, n);
      return numbers.length;
    }
    const task = spawn(worker("worker", 1, 2, 3));
    order.push("the spawner goes on");
    const got = [await ch.recv(), await ch.recv(), await ch.recv()];
    expect([await task, got, order]).toEqual([3, [1, 2, 3], ["the spawner goes on", "worker"]]);
  });

  test("has the task, its options and its locals", async () => {
    const local = new TaskLocal<string>({ default: "none" });
    function* worker(): Task<readonly [string | undefined, string, boolean]> {
      yield* yieldNow();
      return [currentTask()?.name, local.get(), disposed];
    }
    let disposed = false;
    const move = { [dispose]: () => void (disposed = true) };
    const task = await local.run("set", () => spawn(worker(), { name: "named", move }));
    expect(await task).toEqual(["named", "set", false]);
    expect(disposed).toBe(true);
  });

  test("is never begun if the task is aborted before, and unwound if later", async () => {
    const log: string[] = [];
    function* worker(): Task<void> {
      log.push("begun");
      try {
        yield* sleep(60_000);
      } finally {
        log.push("cleaned up");
      }
    }
    const early = spawn(worker());
    early.abort();
    expect(await early.settled()).toMatchObject({ status: "aborted" });
    expect(log).toEqual([]);
    const late = spawn(worker());
    await turn();
    late.abort();
    expect(await late.settled()).toMatchObject({ status: "aborted" });
    expect(log).toEqual(["begun", "cleaned up"]);
  });

  test("fails the task with what it throws", async () => {
    const broken = function* (): Task<never> {
      throw new RangeError("broken");
    };
    await expect(spawn(broken())).rejects.toThrow("broken");
  });

  test("is one task's: a second one that is given it, in the midst of a wait, fails and says so", async () => {
    const ch = chan<number>();
    function* worker(): Task<number> {
      return yield* recv(ch);
    }
    const generator = worker();
    const first = spawn(generator);
    await turn();
    const second = spawn(generator);
    await expect(second).rejects.toThrow(MisuseError);
    await expect(second).rejects.toThrow("recv on chan(0): yield* it in a generator task");
    first.abort();
  });

  test.each(groups)("is taken by $name", async ({ run }) => {
    const seen: number[] = [];
    function* worker(n: number): Task<void> {
      yield* yieldNow();
      seen.push(n);
    }
    await run(worker);
    expect(seen).toEqual([1, 2]);
  });

  test("is begun once by a spawnInto, however often that is driven", async () => {
    const group = new ErrGroup();
    let begun = 0;
    function* worker(): Task<void> {
      begun++;
    }
    const op = spawnInto(group, worker());
    await op;
    await expect(Promise.resolve(op)).rejects.toThrow("a generator can be one task only");
    await group.wait();
    expect(begun).toBe(1);
  });
});

describe.each(flavours)("what a $name task takes along", ({ body }) => {
  test("is the task-locals of where it was spawned, as they were then", async () => {
    const local = new TaskLocal<string>({ default: "none" });
    const see = body(function* () {
      yield yieldNow();
      return local.get();
    });
    const [inside, outside] = await Promise.all([local.run("set", async () => await spawn(see)), spawn(see)]);
    expect([inside, outside]).toEqual(["set", "none"]);
  });

  test("is the scheduler, never another's", async () => {
    await virtual(async (clock) => {
      const task = spawn(
        body(function* () {
          yield sleep(1_000_000);
          return spawn(() => sleep(1_000_000));
        }),
      );
      const child = await task;
      await child;
      expect(clock.elapsed).toBe(2_000_000);
    });
  });

  test("is never cancellation: it outlives the task that spawned it", async () => {
    const ch = chan<string>();
    let child: JoinHandle<string> | undefined;
    const parent = spawn(
      body(function* () {
        child = spawn(async () => await ch.recv());
        yield recv(chan());
      }),
    );
    await turn();
    parent.abort();
    expect((await parent.settled()).status).toBe("aborted");
    expect(child?.finished).toBe(false);
    ch.trySend("still there");
    expect(await child).toBe("still there");
  });

  test("is a name, if it is given one, and an id of its own", async () => {
    const who = body(function* () {
      const self = currentTask();
      return [self?.name, self?.id];
    });
    const [named, other] = [spawn(who, { name: "crawler" }), spawn(who)];
    expect([await named, await other]).toEqual([
      ["crawler", named.id],
      [undefined, other.id],
    ]);
    expect(other.id).toBeGreaterThan(named.id);
  });

  test.each(["ok", "failed", "aborted", "aborted before it starts"])(
    "is what was moved in, disposed once: %s",
    async (end) => {
      const disposed: number[] = [];
      const resource = (n: number): Disposable => ({ [Symbol.dispose]: () => void disposed.push(n) });
      const task = spawn(
        body(function* () {
          if (end === "failed") throw new RangeError("failed");
          if (end === "aborted") yield recv(chan());
        }),
        { move: [resource(1), resource(2)] },
      );
      if (end === "aborted") await turn();
      if (end.startsWith("aborted")) task.abort();
      expect((await task.settled()).status).toBe(end.split(" ")[0]);
      expect(disposed).toEqual([1, 2]);
    },
  );
});

describe("what is moved in", () => {
  test("is one thing, though it can be iterated", async () => {
    const disposed: string[] = [];
    class Pool implements Disposable {
      *[Symbol.iterator](): Generator<Disposable, void, unknown> {
        yield { [Symbol.dispose]: () => void disposed.push("member") };
      }
      [Symbol.dispose](): void {
        disposed.push("pool");
      }
    }
    await spawn(async () => {}, { move: new Pool() });
    expect(disposed).toEqual(["pool"]);
  });

  test("is what it was at the call", async () => {
    const disposed: number[] = [];
    const move: Disposable[] = [{ [Symbol.dispose]: () => void disposed.push(1) }];
    const task = spawn(async () => {}, { move });
    move.push({ [Symbol.dispose]: () => void disposed.push(2) });
    await task;
    expect(disposed).toEqual([1]);
  });

  test.each([null, 5, {}, [{}]])("must be disposable: %s", (move) => {
    expect(() => spawn(async () => {}, { move: move as never })).toThrow(/move must be disposable/);
  });
});

test.each([null, 5, "name"])("options of %s are refused at the call", (options) => {
  expect(() => spawn(async () => {}, options as never)).toThrow(/options must be an object/);
});
