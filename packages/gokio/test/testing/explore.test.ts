import { describe, expect, test, vi } from "vitest";
import {
  type Chan,
  chan,
  join,
  lock,
  MisuseError,
  Mutex,
  onTaskError,
  recv,
  send,
  sleep,
  spawn,
  type Task,
  wait,
  yieldNow,
} from "../../src/index.ts";
import { realHost } from "../../src/kernel/host.ts";
import {
  ExplorationError,
  type ExploreOptions,
  exhaustive,
  explore,
  mixed,
  NondeterminismError,
  pct,
  random,
} from "../../src/testing/index.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { bareTurn } from "../support/turns.ts";

type AnyBody = () => unknown;

async function failureOf(body: AnyBody, options?: ExploreOptions): Promise<ExplorationError> {
  const error = await explore(body as () => Promise<void>, options).then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof ExplorationError)) throw error ?? new Error("no failure was found");
  return error;
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const forever = (): Promise<never> => new Promise(() => {});

describe("what fails a schedule", () => {
  test("the body throws", async () => {
    const boom = new TypeError("boom");
    for (const body of [
      () => {
        throw boom;
      },
      async () => {
        await yieldNow();
        throw boom;
      },
      function* () {
        yield* yieldNow();
        throw boom;
      },
    ]) {
      const error = await failureOf(body);
      expect(error).toMatchObject({ kind: "error", cause: boom, schedules: 1, schedule: "gokio1:exhaustive:" });
      expect(error.message).toContain("explore: the test failed: TypeError: boom");
    }
  });

  test("a task fails, and nobody joins it: not a matter of the hooks, nor of the process", async () => {
    const seen: unknown[] = [];
    const hook = onTaskError((error) => void seen.push(error));
    const unhandled = await unhandledDuring(async () => {
      for (const body of [
        function* () {
          spawn(
            function* () {
              yield* yieldNow();
              throw new Error("alone");
            },
            { name: "worker" },
          );
        },
        async () => {
          const task = async (): Promise<void> => {
            await yieldNow();
            throw new Error("alone");
          };
          spawn(task, { name: "worker" });
          await sleep(10);
        },
      ]) {
        const error = await failureOf(body);
        expect(error.kind).toBe("unjoined");
        expect(error.message).toContain("task 2 (worker) failed, and nobody joined it: Error: alone");
      }
    });
    hook[Symbol.dispose]();
    expect(unhandled).toEqual([]);
  });

  test("a failure that is joined late is none", async () => {
    await explore(async () => {
      const task = spawn(async () => {
        throw new Error("joined");
      });
      await yieldNow();
      await task.settled();
    });
  });

  test("nothing can go on", async () => {
    const inGenerator = function* (): Task<void> {
      const mutex = new Mutex(0);
      const guard = yield* lock(mutex);
      const task = spawn(
        function* () {
          yield* lock(mutex);
        },
        { name: "second" },
      );
      yield* join(task);
      guard[Symbol.dispose]();
    };
    const inAsync = async (): Promise<void> => {
      const mutex = new Mutex(0);
      using _ = await mutex.lock();
      await spawn(async () => void (await mutex.lock()), { name: "second" });
    };
    for (const body of [inGenerator, inAsync]) {
      const error = await failureOf(body);
      expect(error.kind).toBe("deadlock");
      expect(error.message).toContain("\n  task 1 (test): join of task 2 (second)\n  task 2 (second): lock on mutex");
    }
  });

  test("a task is left behind", async () => {
    const error = await failureOf(async () => {
      spawn(async () => chan().recv(), { name: "orphan" });
    });
    expect(error.kind).toBe("leftover");
    expect(error.message).toContain("task 2 (orphan): recv on chan(0)");
  });

  test("what ends by itself, in time, is not left behind; nor is a daemon", async () => {
    let ended = 0;
    await explore(function* () {
      spawn(function* () {
        yield* sleep(60_000);
        ended++;
      });
      spawn(
        function* () {
          for (;;) yield* sleep(1000);
        },
        { daemon: true },
      );
      spawn(async () => chan().recv(), { daemon: true });
    });
    expect(ended).toBeGreaterThan(0);
  });

  test.each<[string, AnyBody, string]>([
    ["a promise that nobody settles", async () => forever(), "task 1 (test) waits for something that is not gokio's"],
    [
      "a timer of the machine",
      async () => new Promise((resolve) => setTimeout(resolve, 60_000).unref()),
      "task 1 (test)",
    ],
    [
      "another task's promise",
      async () => {
        const { promise, resolve } = deferred<undefined>();
        spawn(async () => promise, { name: "waiter" });
        spawn(async () => resolve(undefined), { name: "resolver" });
      },
      "task 2 (waiter) waits for something that is not gokio's",
    ],
  ])("a foreign wait: %s", async (_name, body, complaint) => {
    const error = await failureOf(body);
    expect(error.kind).toBe("foreign wait");
    expect(error.message).toContain(complaint);
  });

  test("a foreign wait through wait(), of what the stopped world will not do", async () => {
    for (const body of [
      async () => wait(forever()),
      function* () {
        yield* wait(() => forever());
      },
    ]) {
      const error = await failureOf(body);
      expect(error.kind).toBe("foreign wait");
      expect(error.message).toMatch(/task 1 \(test\): (a foreign promise|foreign work)/);
    }
  });

  test("promises of gokio's making may be waited for in any way", async () => {
    const { schedules } = await explore(async () => {
      const ch = chan<number>();
      const { promise, resolve } = deferred<number>();
      const sender = spawn(async () => {
        await ch.send(1);
        resolve(2);
      });
      const sum = (async () => (await ch.recv()) + (await wait(promise)))();
      const both = await Promise.all([sum, Promise.race([sender, sleep(10)])]);
      expect(both[0]).toBe(3);
    });
    expect(schedules).toBeGreaterThan(1);
  });

  test("it goes on for too long", async () => {
    const bodies: AnyBody[] = [
      function* () {
        for (;;) yield* sleep(1);
      },
      function* () {
        const ch = chan<number>(1);
        for (;;) {
          yield* send(ch, 1);
          yield* recv(ch);
        }
      },
      async () => {
        const ch = chan<number>(1);
        for (;;) {
          await ch.send(1);
          await ch.recv();
        }
      },
    ];
    for (const body of bodies) {
      const error = await failureOf(body, { maxSteps: 100 });
      expect(error.kind).toBe("step limit");
      expect(error.message).toContain("the test has not ended after 100 steps");
    }
  });

  test("who polls gives way: a loop of yields has an end, and so has one of operations that are ready", async () => {
    for (const body of [
      function* () {
        let isSet = false;
        spawn(function* () {
          while (!isSet) yield* yieldNow();
        });
        spawn(function* () {
          isSet = true;
        });
      },
      function* () {
        let isSet = false;
        spawn(function* () {
          const ch = chan<number>(1);
          while (!isSet) {
            yield* send(ch, 1);
            yield* recv(ch);
          }
        });
        spawn(function* () {
          isSet = true;
        });
      },
    ] as AnyBody[]) {
      const strategy = exhaustive({ preemptions: 0 });
      expect((await explore(body as () => Promise<void>, { strategy, maxSteps: 500 })).complete).toBe(true);
      for (const other of [random({ schedules: 20 }), pct({ schedules: 20 })]) {
        await explore(body as () => Promise<void>, { strategy: other, maxSteps: 500 });
      }
    }
  });
});

describe("time", () => {
  test("stands still until what has settled is heard of, in generator tasks, too", async () => {
    await explore(function* () {
      let order = "";
      const late = spawn(function* () {
        yield* sleep(1);
        order += "late";
      });
      yield* wait(async () => {
        for (let i = 0; i < 100; i++) await undefined;
      });
      order += "first ";
      yield* join(late);
      expect(order).toBe("first late");
    });
  });

  test("stands still while somebody is ready", async () => {
    const orders = new Set<string>();
    const body = (): Task<void> =>
      (function* () {
        let order = "";
        const worker = spawn(function* () {
          yield* yieldNow();
          order += "worked ";
        });
        const clock = spawn(function* () {
          yield* sleep(1);
          order += "late ";
        });
        yield* join(worker);
        yield* join(clock);
        orders.add(order);
      })();
    await explore(function* () {
      yield* body();
    });
    expect([...orders]).toEqual(["worked late "]);
    await explore(
      function* () {
        yield* body();
      },
      { slowTasks: true },
    );
    expect([...orders].sort()).toEqual(["late worked ", "worked late "]);
  });
});

describe("a schedule that failed", () => {
  const noise = function* (): Task<void> {
    for (let i = 0; i < 3; i++) yield* yieldNow();
  };
  const lost = function* (): Task<void> {
    let value = 0;
    const log = chan<number>(4);
    const add = function* (): Task<void> {
      const seen = value;
      yield* send(log, seen);
      value = seen + 1;
    };
    const tasks = [spawn(noise), spawn(add, { name: "a" }), spawn(noise), spawn(add, { name: "b" })];
    for (const task of tasks) yield* join(task);
    if (value !== 2) throw new RangeError("lost");
  };
  const lostInAsync = async (): Promise<void> => {
    const value = new Mutex(0);
    const add = async (): Promise<void> => {
      const seen = await value.with((guard) => guard.value);
      await value.with((guard) => (guard.value = seen + 1));
    };
    const tasks = [spawn(noise), spawn(add, { name: "a" }), spawn(add, { name: "b" })];
    for (const task of tasks) await task;
    if (value.tryLock()?.value !== 2) throw new RangeError("lost");
  };

  test("is shortened to what matters", async () => {
    for (const seed of [1, 2, 3]) {
      for (const strategy of [random({ seed }), pct({ seed })]) {
        const error = await failureOf(lost, { strategy });
        expect(error.cause).toEqual(new RangeError("lost"));
        expect(error.message).toMatch(
          /shortened from \d+ choices \(\d+ preemptions\) to 1 choices \([01] preemptions\)/,
        );
      }
    }
  });

  test("fails in the same way when it is shortened", async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 8; seed++) {
      let first: string | undefined;
      const body = function* (): Task<void> {
        let order = "";
        for (const name of "abcd") {
          spawn(function* () {
            order += name;
          });
        }
        yield* sleep(1);
        // The one takes more choices than the other.
        if (!order.startsWith("dc") && !order.startsWith("da")) return;
        const error = order.startsWith("dc") ? new RangeError(order) : new TypeError(order);
        first ??= error.name;
        throw error;
      };
      const error = await failureOf(body, { strategy: random({ seed }) });
      expect((error.cause as Error).name).toBe(first);
      seen.add(first as string);
    }
    expect(seen.size).toBe(2);
  });

  test("is told step by step", async () => {
    const error = await failureOf(function* () {
      let isSet = false;
      const ch = chan<number>(4);
      const look = spawn(
        function* () {
          const before = isSet;
          yield* send(ch, 1);
          if (isSet !== before) throw new Error("changed");
        },
        { name: "look" },
      );
      const set = spawn(
        function* () {
          yield* sleep(5);
          yield* yieldNow();
        },
        { name: "rest" },
      );
      spawn(
        function* () {
          isSet = true;
        },
        { name: "set" },
      );
      yield* join(look);
      yield* join(set);
    });
    expect(error.steps).toEqual([
      "  1  task 1 (test)  starts; waits: join of task 2 (look)",
      "  2  task 2 (look)  starts; is preempted before: send on chan(4)",
      "  3  task 3 (rest)  starts; waits: sleep",
      "  4  task 4 (set)   starts; ends",
      "  5  task 2 (look)  tries: send on chan(4); fails",
      "  6  task 1 (test)  goes on from: join of task 2 (look); fails",
    ]);
    expect(error.message).toContain(error.steps.join("\n"));
  });

  test("is told with the times", async () => {
    const error = await failureOf(async () => {
      await sleep(5);
      await sleep(60_000);
      throw new Error("late");
    });
    expect(error.steps).toEqual([
      "  1  task 1 (test)  starts; waits: sleep",
      "  2  the clock      goes to 5 ms",
      "  3  task 1 (test)  goes on from: sleep; waits: sleep",
      "  4  the clock      goes to 60005 ms",
      "  5  task 1 (test)  goes on from: sleep; fails",
    ]);
  });

  test.each([
    ["generator", lost],
    ["async", lostInAsync],
  ])("is replayed exactly, and only it, in %s tasks", async (_flavour, body) => {
    const error = await failureOf(body, { strategy: random({ seed: 7 }) });
    expect(error).toMatchObject({ seed: "v1-7", name: "ExplorationError" });
    const again = await failureOf(body, { replay: error.schedule });
    expect(again).toMatchObject({ schedules: 1, schedule: error.schedule, steps: error.steps, kind: "error" });
    expect(again.message).toContain("replayed");
  });

  test("passes once the test is put right", async () => {
    let isRight = false;
    const body = async (): Promise<void> => {
      let count = 0;
      const add = async (): Promise<void> => {
        const seen = count;
        await yieldNow();
        count = isRight ? count + 1 : seen + 1;
      };
      const tasks = [spawn(add), spawn(add)];
      for (const task of tasks) await task;
      if (count !== 2) throw new Error("lost");
    };
    const { schedule } = await failureOf(body);
    isRight = true;
    expect(await explore(body, { replay: schedule })).toMatchObject({ schedules: 1, complete: false });
  });

  test("is the same from the same seed", async () => {
    for (const of of [random, pct, (options: object) => mixed({ ...options, schedules: 200 })]) {
      const one = await failureOf(lost, { strategy: of({ seed: 9 }) });
      const two = await failureOf(lost, { strategy: of({ seed: 9 }) });
      expect(two.message).toBe(one.message);
      const text = one.seed as string;
      expect((await failureOf(lost, { strategy: of({ seed: text }) })).message).toBe(one.message);
    }
  });
});

describe("what depends on something else", () => {
  test("is refused, and says where", async () => {
    let calls = 0;
    const body = function* (): Task<void> {
      calls++;
      for (let i = 0; i < 2 + (calls % 3); i++) {
        spawn(function* () {
          yield* yieldNow();
        });
      }
    };
    const error = await explore(body, { strategy: exhaustive() }).catch((reason) => reason);
    expect(error).toBeInstanceOf(NondeterminismError);
    expect(error.message).toMatch(
      /at decision \d+ there were \d options of a pick, where the same choices had led to \d options of a pick/,
    );
  });

  test("so is the schedule of another test", async () => {
    const two = function* (): Task<void> {
      spawn(function* () {});
      spawn(function* () {});
    };
    const one = function* (): Task<void> {
      spawn(function* () {});
    };
    await expect(explore(two, { replay: "gokio1:random:13" })).rejects.toThrow(
      "at decision 1 there were 2 options of a pick, where the same choices had led to 3 options",
    );
    await expect(explore(one, { replay: "gokio1:random:12" })).rejects.toThrow(
      "at decision 1 the run was over, where the same choices had led to 2 options",
    );
  });

  test("a failure that does not come again", async () => {
    let calls = 0;
    const body = function* (): Task<void> {
      if (calls++ === 0) throw new Error("once");
    };
    await expect(explore(body)).rejects.toThrow(
      "explore: a schedule failed (the test failed: Error: once), and did not when",
    );
  });
});

describe("how far it goes", () => {
  test("generator tasks alone take no turn of the event loop, whichever way their bodies were given", async () => {
    const ch = (): Chan<number> => chan<number>();
    function* sender(to: Chan<number>): Task<void> {
      yield* send(to, 1);
    }
    const turns: number[] = [];
    // A long exploration lets the event loop breathe.
    const now = vi.spyOn(realHost, "now").mockReturnValue(0);
    for (const start of [(to: Chan<number>) => spawn(sender(to)), (to: Chan<number>) => spawn(() => sender(to))]) {
      const macrotask = vi.spyOn(realHost, "macrotask");
      await explore(
        function* () {
          const to = ch();
          start(to);
          yield* recv(to);
        },
        { strategy: exhaustive() },
      );
      turns.push(macrotask.mock.calls.length);
      macrotask.mockRestore();
    }
    now.mockRestore();
    expect(turns[0]).toBe(0);
    expect(turns[1]).toBeGreaterThan(0);
  });

  const tasks = (count: number) =>
    function* (): Task<void> {
      for (let i = 0; i < count; i++) {
        spawn(function* () {
          yield* yieldNow();
          yield* yieldNow();
        });
      }
    };

  test("everything, if that is little", async () => {
    expect(await explore(tasks(2))).toMatchObject({ schedules: 20, complete: true, seed: "v1-1" });
  });

  test("else half of the budget, and at random", async () => {
    const passed = await explore(tasks(4), { strategy: mixed({ schedules: 101, seed: 3 }) });
    expect(passed).toMatchObject({ schedules: 101, complete: false, seed: "v1-3" });
    for (const schedules of [1, 2, 3]) {
      expect((await explore(tasks(4), { strategy: mixed({ schedules }) })).schedules).toBe(schedules);
    }
  });

  test("to the limit of the strategy", async () => {
    expect(await explore(tasks(4), { strategy: exhaustive({ schedules: 10 }) })).toMatchObject({
      schedules: 10,
      complete: false,
      seed: undefined,
    });
    expect(await explore(tasks(4), { strategy: pct({ schedules: 10 }) })).toMatchObject({
      schedules: 10,
      complete: false,
    });
  });

  test("with different schedules from different seeds", async () => {
    const ordersOf = async (seed: number): Promise<string> => {
      const orders: string[] = [];
      const body = function* (): Task<void> {
        let order = "";
        orders.push("");
        const at = orders.length - 1;
        for (const name of "abcd") {
          spawn(function* () {
            yield* yieldNow();
            orders[at] = order += name;
          });
        }
      };
      await explore(body, { strategy: random({ seed, schedules: 5 }) });
      return orders.join();
    };
    const seen = new Set<string>();
    for (let seed = 0; seed < 10; seed++) seen.add(await ordersOf(seed));
    expect(seen.size).toBe(10);
  });

  test("and tells now and then", async () => {
    const told: number[] = [];
    const body = tasks(3);
    await explore(body, {
      strategy: random({ schedules: 4_000 }),
      onProgress: ({ schedules }) => told.push(schedules),
    });
    expect(told.length).toBeGreaterThan(0);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
  });

  test("a strategy can be used again, by several explorations at once", async () => {
    const strategy = exhaustive();
    const inAsync = async (): Promise<void> => {
      spawn(async () => yieldNow());
      spawn(async () => yieldNow());
    };
    const all = await Promise.all([
      explore(inAsync, { strategy }),
      explore(inAsync, { strategy }),
      explore(tasks(2), { strategy }),
    ]);
    expect(all.map(({ schedules }) => schedules)).toEqual([6, 6, 20]);
  });

  test("until the runner has had enough", async () => {
    const enough = new Error("enough");
    const controller = new AbortController();
    const exploring = explore(tasks(4), {
      strategy: random({ schedules: 1_000_000 }),
      onProgress: () => controller.abort(enough),
      signal: controller.signal,
    });
    await expect(exploring).rejects.toBe(enough);
    await expect(explore(tasks(1), { signal: controller.signal })).rejects.toBe(enough);
  });

  test("the event loop goes on meanwhile", async () => {
    let turns = 0;
    let isOver = false;
    const counting = (async () => {
      while (!isOver) {
        await bareTurn();
        turns++;
      }
    })();
    await explore(tasks(3), { strategy: random({ schedules: 4_000 }) });
    isOver = true;
    await counting;
    expect(turns).toBeGreaterThan(2);
  });
});

describe("used wrongly", () => {
  const body = async (): Promise<void> => {};

  test.each<[string, () => unknown, string]>([
    ["no body", () => explore(7 as never), "body must be a function, not 7"],
    ["no options", () => explore(body, null as never), "options must be an object, not null"],
    [
      "a strategy by name",
      () => explore(body, { strategy: "random" as never }),
      'strategy must be one of exhaustive(), random(), pct() and mixed(), not "random"',
    ],
    ["a function as strategy", () => explore(body, { strategy: random as never }), "strategy must be one of"],
    [
      "no schedule",
      () => explore(body, { replay: "again" }),
      'replay must be a schedule such as "gokio1:random:0213", not "again"',
    ],
    ["another version", () => explore(body, { replay: "gokio9:random:02" }), "the schedule is of version 9"],
    ["another version of a seed", () => random({ seed: "v9-2a" }), "is of version 9"],
    ["no seed", () => pct({ seed: -1 }), "seed must be a whole number"],
    ["no depth", () => pct({ depth: 0 }), "depth must be a whole number from 1"],
    ["no schedules", () => mixed({ schedules: 0 }), "schedules must be a whole number from 1"],
    ["half a preemption", () => exhaustive({ preemptions: 0.5 }), "preemptions must be a whole number"],
    ["half a preemption of the mix", () => mixed({ preemptions: 0.5 }), "preemptions must be a whole number"],
    ["no steps", () => explore(body, { maxSteps: 0 }), "maxSteps must be a whole number from 1"],
    ["no signal", () => explore(body, { signal: "stop" as never }), 'signal must be an AbortSignal, not "stop"'],
    ["no listener", () => explore(body, { onProgress: 1 as never }), "onProgress must be a function, not 1"],
  ])("%s is an error at the call", (_name, call, message) => {
    expect(call).toThrow(message);
  });

  test("inside another exploration", async () => {
    const error = await failureOf(async () => {
      await explore(body);
    });
    expect(error.cause).toBeInstanceOf(MisuseError);
    expect(error.message).toContain("it cannot be called inside an exploration or a simulation");
  });
});
