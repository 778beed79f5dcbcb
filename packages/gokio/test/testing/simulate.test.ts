/** Virtual time as users see it: what the clock shows, what ends a simulation, and what is left of it. */
import { describe, expect, test } from "vitest";
import {
  chan,
  currentTask,
  each,
  interval,
  type JoinHandle,
  join,
  MisuseError,
  Mutex,
  recv,
  scope,
  select,
  send,
  sleep,
  spawn,
  TaskLocal,
  timeout,
  wait,
  yieldNow,
} from "../../src/index.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import {
  LeftoverError,
  type Sim,
  SimulationDeadlockError,
  SimulationError,
  simulate,
} from "../../src/testing/index.ts";

/** What `promise` is rejected with. */
async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`it did not fail: ${value}`);
    },
    (error) => error,
  );
}

const HOUR = 3_600_000;

describe("the clock", () => {
  test("shows the time that waits would have taken, in either flavour", async () => {
    const inAsync = await simulate(async (sim) => {
      await sleep(HOUR);
      await sleep(0.5);
      return sim.elapsed;
    });
    const inGenerator = await simulate(function* (sim) {
      yield* sleep(HOUR);
      return sim.elapsed;
    });
    expect([inAsync, inGenerator]).toEqual([HOUR + 1, HOUR]);
  });

  test("stands still while anything can run", async () => {
    const seen = await simulate(async (sim) => {
      const times: number[] = [];
      const late = spawn(async () => {
        await sleep(1);
        times.push(sim.elapsed);
      });
      for (let i = 0; i < 10_000; i++) await yieldNow();
      for (let i = 0; i < 100; i++) await Promise.resolve();
      times.push(sim.elapsed);
      await late;
      return times;
    });
    expect(seen).toEqual([0, 1]);
  });

  test("is each simulation's own", async () => {
    const ends = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        simulate(async (sim) => {
          for (let n = 0; n < 10; n++) {
            const before = sim.elapsed;
            await sleep(i + 1);
            expect(sim.elapsed - before).toBe(i + 1);
          }
          return sim.elapsed;
        }),
      ),
    );
    expect(ends).toEqual(Array.from({ length: 20 }, (_, i) => 10 * (i + 1)));
  });

  test("an hour of ticks takes no hour", async () => {
    const ticks = await simulate(async (sim) => {
      let ticks = 0;
      for await (const _ of interval(1000)) {
        ticks++;
        if (sim.elapsed === HOUR) return ticks;
      }
      return 0;
    });
    expect(ticks).toBe(3601);
  });

  test("begins where it is told to", async () => {
    const starts = (startsAt?: Date | number) =>
      simulate(
        async (sim) => {
          await sleep(1000);
          return new Date(sim.now).toISOString();
        },
        { startsAt },
      );
    expect(await starts()).toBe("2020-01-01T00:00:01.000Z");
    expect(await starts(new Date("1999-12-31T23:59:59Z"))).toBe("2000-01-01T00:00:00.000Z");
    expect(await starts(0)).toBe("1970-01-01T00:00:01.000Z");
  });
});

describe("the body", () => {
  test("gives its value, in either flavour", async () => {
    const four: number = await simulate(async () => 4);
    const five: number = await simulate(function* () {
      yield* sleep(5);
      return 5;
    });
    const six: number = await simulate(() => 6);
    expect([four, five, six]).toEqual([4, 5, 6]);
  });

  test("is a task, with the task-locals of the caller", async () => {
    const who = new TaskLocal<string>();
    const seen = await who.run("the caller", async () =>
      simulate(async () => [currentTask()?.name, who.get(), await spawn(async () => who.get())]),
    );
    expect(seen).toEqual(["the body", "the caller", "the caller"]);
  });

  test.each(["async", "generator"])("fails with its own error, %s", async (flavour) => {
    const boom = new Error("boom");
    const failing = flavour === "async" ? async () => Promise.reject(boom) : throwing;
    function* throwing() {
      yield* sleep(1);
      throw boom;
    }
    const error = await errorOf(simulate(failing as () => Promise<never>, { seed: 42 }));
    expect(error).toBe(boom);
    expect(error.message).toMatch(/^boom\n\nthe seed of this simulation was "v1-2a": \{ seed: "v1-2a" \} repeats it$/);
    expect(error.stack).toContain("v1-2a");
  });

  test("what it throws that is no error is the cause of one", async () => {
    const error = await errorOf(simulate(async () => Promise.reject("no error")));
    expect(error).toBeInstanceOf(SimulationError);
    expect([error.cause, error.message]).toEqual(["no error", expect.stringContaining('threw "no error"')]);
  });

  test("an error that nothing can be added to stays as it is", async () => {
    const frozen = Object.freeze(new Error("frozen"));
    expect(await errorOf(simulate(async () => Promise.reject(frozen)))).toBe(frozen);
    const platforms = new DOMException("cloned", "DataCloneError");
    expect(await errorOf(simulate(async () => Promise.reject(platforms)))).toBe(platforms);
  });

  test("fails when a task fails that nobody joins", async () => {
    const error = await errorOf(
      simulate(async () => {
        spawn(async () => {
          await sleep(10);
          throw new Error("nobody asked");
        });
        await sleep(20);
      }),
    );
    expect(error.message).toMatch(/^nobody asked\n\nthe seed/);
  });

  test("of simulations side by side, that one fails whose task did", async () => {
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((n) =>
        simulate(async () => {
          spawn(async () => {
            await sleep(n);
            if (n === 2) throw new Error("two");
          });
          await sleep(10);
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});

describe("sim.advance", () => {
  test("goes on when everything that was due has come to rest", async () => {
    const seen = await simulate(async (sim) => {
      const seen: string[] = [];
      const ticks = chan<number>();
      spawn(
        async () => {
          for await (const _ of interval(10)) await ticks.send(sim.elapsed);
        },
        { daemon: true },
      );
      spawn(
        function* () {
          yield* each(ticks, (at) => void seen.push(`tick ${at}`));
        },
        { daemon: true },
      );
      await sim.advance(20);
      seen.push(`here ${sim.elapsed}`);
      await sim.advance(5);
      seen.push(`here ${sim.elapsed}`);
      return seen;
    });
    expect(seen).toEqual(["tick 0", "tick 10", "tick 20", "here 20", "here 25"]);
  });

  test("by 0 lets what is ready come to rest", async () => {
    const seen = await simulate(function* (sim) {
      const seen: string[] = [];
      spawn(function* () {
        yield* yieldNow();
        seen.push("task");
      });
      yield* sim.advance(0);
      seen.push("here");
      return [...seen, sim.elapsed];
    });
    expect(seen).toEqual(["task", "here", 0]);
  });

  test("several at once end in the order of their times", async () => {
    const seen = await simulate(async (sim) => {
      const seen: number[] = [];
      const to = (ms: number) =>
        spawn(async () => {
          await sim.advance(ms);
          expect(sim.elapsed).toBe(ms);
          seen.push(ms);
        });
      for (const handle of [30, 10, 20, 10].map(to)) await handle;
      return seen;
    });
    expect(seen).toEqual([10, 10, 20, 30]);
  });

  test("can lose a race, and moves nothing then", async () => {
    const seen = await simulate(async (sim) => {
      const won = await select({ clock: sim.advance(HOUR), tick: sleep(7) });
      await sleep(1);
      return [won.key, sim.elapsed];
    });
    expect(seen).toEqual(["tick", 8]);
  });

  test("refuses what is no length of time", async () => {
    const error = await errorOf(simulate(async (sim) => sim.advance(-1)));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toMatch(/^ms must be/);
  });
});

describe("sim.wait", () => {
  test.each(["async", "generator"])("goes on when all else is idle, and no time has passed: %s", async (flavour) => {
    const seen: unknown[] = [];
    const relay = (): JoinHandle<void> => {
      const ch = chan<number>();
      spawn(async () => {
        for (let n = 0; n < 50; n++) await ch.send(n);
        ch.close();
      });
      return spawn(function* () {
        yield* each(ch, () => {});
        seen.push("relayed");
        yield* sleep(5);
        seen.push("slept");
      });
    };
    if (flavour === "async") {
      await simulate(async (sim) => {
        const task = relay();
        await sim.wait();
        seen.push(sim.elapsed);
        await task;
      });
    } else {
      await simulate(function* (sim) {
        const task = relay();
        yield* sim.wait();
        seen.push(sim.elapsed);
        yield* join(task);
      });
    }
    expect(seen).toEqual(["relayed", 0, "slept"]);
  });

  test("of several the first goes on first, and the next when that one is idle again", async () => {
    const seen = await simulate(async (sim) => {
      const seen: string[] = [];
      const waiter = (name: string) =>
        spawn(function* () {
          yield* sim.wait();
          seen.push(`${name} on`);
          for (let i = 0; i < 5; i++) yield* yieldNow();
          seen.push(`${name} idle`);
        });
      for (const task of ["a", "b"].map(waiter)) await task;
      return seen;
    });
    expect(seen).toEqual(["a on", "a idle", "b on", "b idle"]);
  });

  test("waits for promises that are no waits of gokio's", async () => {
    const seen = await simulate(async (sim) => {
      let steps = 0;
      const long = async () => {
        for (; steps < 1000; steps++) await null;
      };
      const done = long();
      await sim.wait();
      await done;
      return [steps, sim.elapsed];
    });
    expect(seen).toEqual([1000, 0]);
  });

  test("is for code inside, while it lasts", async () => {
    let kept: Sim | undefined;
    await simulate(async (sim) => {
      kept = sim;
    });
    await expect(async () => (kept as Sim).wait()).rejects.toThrow("sim.wait(): this simulation is over");
    const ch = chan<Sim>();
    const running = simulate(
      async (sim) => {
        await ch.send(sim);
        await sim.advance(1);
      },
      { realIo: 1000 },
    );
    const outside = await ch.recv();
    await expect(async () => outside.advance(5)).rejects.toThrow(MisuseError);
    await running;
  });
});

describe("a deadlock", () => {
  test("fails with a dump of what is parked", async () => {
    const error = await errorOf(
      simulate(async () => {
        const jobs = chan<number>(0, { name: "jobs" });
        spawn(async () => jobs.recv(), { name: "worker" });
        await new Mutex(0).lock();
        await jobs.recv();
      }),
    );
    expect(error).toBeInstanceOf(SimulationDeadlockError);
    expect(error.message).toMatch(/^the simulation is stuck/);
    expect(error.message).toContain("(worker)");
    expect(error.message).toContain("(the body)");
    expect(error.message.match(/recv on chan\(0, "jobs"\)/g)).toHaveLength(2);
    expect(error.message).toContain("the seed of this simulation was");
  });

  test("shows in a promise that nobody keeps, too", async () => {
    const error = await errorOf(simulate(async () => new Promise(() => {})));
    expect(error).toBeInstanceOf(SimulationDeadlockError);
    expect(error.message).toContain("foreign");
  });

  test("runs the cleanup of what was stuck", async () => {
    const cleaned: string[] = [];
    const error = await errorOf(
      simulate(function* (sim) {
        spawn(async () => {
          try {
            await chan().recv();
          } finally {
            cleaned.push("async");
          }
        });
        try {
          yield* recv(chan());
        } finally {
          yield* sleep(1000);
          cleaned.push(`generator, at ${sim.elapsed}`);
        }
      }),
    );
    expect(error).toBeInstanceOf(SimulationDeadlockError);
    expect(cleaned).toEqual(["async", "generator, at 1000"]);
  });
});

describe("what outlives the body", () => {
  test("is an error that names it", async () => {
    const error = await errorOf(
      simulate(async () => {
        spawn(async () => sleep(1000), { name: "sleeper" });
        spawn(function* () {
          yield* recv(chan(3));
        });
        void chan(7).recv();
      }),
    );
    expect(error).toBeInstanceOf(LeftoverError);
    expect(error.message).toMatch(
      /^the body of the simulation left behind\n {2}task \d+ \(sleeper\): sleep\n {2}task \d+: recv on chan\(3\)\n {2}outside tasks: recv on chan\(7\)\n\nthe seed/,
    );
  });

  test("is ended, and its cleanup runs", async () => {
    const cleaned: unknown[] = [];
    const leaving = async (sim: Sim) => {
      spawn(function* () {
        try {
          yield* sleep(HOUR);
        } finally {
          yield* sleep(5);
          cleaned.push(sim.elapsed);
        }
      });
    };
    await expect(simulate(leaving)).rejects.toThrow(LeftoverError);
    await simulate(leaving, { leftovers: "cancel" });
    expect(cleaned).toEqual([5, 5]);
  });

  test("may be a daemon", async () => {
    let ended = false;
    await simulate(async () => {
      spawn(
        async () => {
          try {
            await sleep(HOUR);
          } finally {
            ended = true;
          }
        },
        { daemon: true },
      );
    });
    expect(ended).toBe(true);
  });

  test("is nothing that only had to run to its end", async () => {
    const seen = await simulate(async () => {
      const seen: string[] = [];
      spawn(async () => {
        for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
        seen.push("ended");
      });
      return seen;
    });
    expect(seen).toEqual(["ended"]);
  });

  test("is an error as well when it fails while it is ended", async () => {
    const error = await errorOf(
      simulate(async () => {
        spawn(
          function* () {
            try {
              yield* sleep(HOUR);
            } finally {
              throw new Error("while cleaning up");
            }
          },
          { daemon: true },
        );
      }),
    );
    expect(error.message).toMatch(/^while cleaning up/);
  });

  test("does not shadow the error of the body", async () => {
    const error = await errorOf(
      simulate(async () => {
        spawn(async () => sleep(HOUR));
        throw new Error("the first");
      }),
    );
    expect(error.message).toMatch(/^the first\n/);
  });

  test("nothing of it reaches the machine", async () => {
    const before = defaultScheduler.tasks.size;
    await simulate(
      async () => {
        for (let i = 0; i < 100; i++) spawn(async () => sleep(HOUR));
      },
      { leftovers: "cancel" },
    );
    expect(defaultScheduler.tasks.size).toBe(before);
  });
});

describe("an end from outside", () => {
  test("comes at the limit", async () => {
    const error = await errorOf(
      simulate(
        async () => {
          for (;;) await sleep(1);
        },
        { limit: 500 },
      ),
    );
    expect(error).toBeInstanceOf(SimulationError);
    expect(error.message).toMatch(/^the simulation is not over after 500 ms of its own time, its limit/);
    expect(await simulate(async () => sleep(500).then(() => "in time"), { limit: 500 })).toBe("in time");
  });

  test("comes with the signal", async () => {
    const controller = new AbortController();
    let turns = 0;
    const error = await errorOf(
      simulate(
        async () => {
          for (;;) {
            if (++turns === 100) controller.abort(new Error("the test is over"));
            await sleep(1);
          }
        },
        { signal: controller.signal },
      ),
    );
    expect(error.message).toMatch(/^the test is over/);
    await expect(simulate(async () => sleep(1), { signal: controller.signal })).rejects.toThrow("the test is over");
  });
});

describe("choices", () => {
  const winners = (seed: number | string): Promise<string> =>
    simulate(
      async (sim) => {
        let keys = "";
        for (let i = 0; i < 20; i++) keys += (await select({ a: sleep(0), b: sleep(0), c: sleep(0) })).key;
        return `${keys} ${sim.random()} ${sim.random()}`;
      },
      { seed },
    );

  test("are the same for the same seed, as a number or as a text", async () => {
    const first = await winners(7);
    expect([await winners(7), await winners("v1-7")]).toEqual([first, first]);
  });

  test("differ from seed to seed, those that are near included", async () => {
    const runs = await Promise.all(Array.from({ length: 50 }, (_, seed) => winners(seed)));
    expect(new Set(runs).size).toBe(50);
    expect(new Set(runs.map((run) => run[0]))).toEqual(new Set(["a", "b", "c"]));
  });

  test("are drawn from a seed of its own where none is given", async () => {
    const seeds = await Promise.all([1, 2, 3].map(() => simulate(async (sim) => sim.seed)));
    expect(new Set(seeds).size).toBe(3);
    expect(seeds[0]).toMatch(/^v1-[0-9a-f]+$/);
  });

  test("of random() are fractions, which no select uses up", async () => {
    const draw = (selects: boolean) =>
      simulate(
        async (sim) => {
          if (selects) await select({ a: sleep(0), b: sleep(0) });
          return Array.from({ length: 100 }, () => sim.random());
        },
        { seed: 1 },
      );
    const [without, withSelects] = [await draw(false), await draw(true)];
    expect(withSelects).toEqual(without);
    for (const each of without) expect(each >= 0 && each < 1).toBe(true);
  });
});

describe("wrong use", () => {
  const body = async () => {};

  test("a simulation in a simulation", async () => {
    for (const inner of [async () => simulate(body), async () => spawn(async () => simulate(body))]) {
      const error = await errorOf(simulate(inner));
      expect(error).toBeInstanceOf(MisuseError);
      expect(error.message).toMatch(/^simulate: this code is in a simulation already/);
    }
    const inGenerator = simulate(function* () {
      simulate(body);
      yield* sleep(1);
    });
    await expect(inGenerator).rejects.toThrow("in a simulation already");
  });

  test.each([
    [
      "v0-2a",
      RangeError,
      'seed "v0-2a" is of version 0, and would lead to another run here, where seeds are of version 1',
    ],
    ["v2-2a", RangeError, "is of version 2"],
    ["2a", TypeError, 'seed must be a whole number, or a text such as "v1-2a", not "2a"'],
    ["v1-123456789", TypeError, "seed must be"],
    [-1, RangeError, "seed must be a whole number from 0 to 4294967295, not -1"],
    [2 ** 32, RangeError, "seed must be"],
    [1.5, RangeError, "seed must be"],
    [{}, TypeError, "seed must be"],
  ])("the seed %s", (seed, Kind, message) => {
    const use = () => simulate(body, { seed: seed as number });
    expect(use).toThrow(Kind);
    expect(use).toThrow(message);
  });

  test.each([
    [{ limit: -1 }, RangeError, "limit must be"],
    [{ realIo: Number.NaN }, RangeError, "realIo must be"],
    [{ leftovers: "keep" }, TypeError, 'leftovers must be "fail" or "cancel", not "keep"'],
    [{ startsAt: new Date("no date") }, TypeError, "startsAt must be a point in time"],
    [{ signal: 5 }, TypeError, "signal must be an AbortSignal, not 5"],
    [{ signal: null }, TypeError, "signal must be an AbortSignal, not null"],
    [{ faults: 1 }, TypeError, "faults must be an object"],
    [{ faults: { cancelTasks: 2 } }, RangeError, "faults.cancelTasks must be a probability, from 0 to 1, not 2"],
    [{ faults: { cancelTasks: { p: "1" } } }, TypeError, "faults.cancelTasks.p must be a probability"],
    [{ faults: { cancelTasks: { p: 1, names: "a" } } }, TypeError, "faults.cancelTasks.names must be an array"],
    [{ faults: { lateTimers: { p: 1 } } }, TypeError, "faults.lateTimers.maxMs must be a number of milliseconds"],
    [{ faults: { lateTimers: { p: 1, maxMs: Infinity } } }, RangeError, "faults.lateTimers.maxMs must be a finite"],
    [{ faults: { channels: { a: { drop: -1 } } } }, RangeError, 'faults.channels["a"].drop must be'],
    [{ faults: { channels: { a: { delay: { p: 1, maxMs: -1 } } } } }, RangeError, 'faults.channels["a"].delay.maxMs'],
    [{ faults: { channels: [1] } }, TypeError, 'faults.channels["0"] must be an object'],
    [null, TypeError, "options must be an object"],
  ])("the options %o", (options, Kind, message) => {
    const use = () => simulate(body, options as object);
    expect(use).toThrow(Kind);
    expect(use).toThrow(message);
  });

  test("a body that is none", async () => {
    expect(() => simulate(5 as never)).toThrow("body must be a function, not 5");
    await expect(simulate(async function* () {} as never)).rejects.toThrow("a body cannot be an async generator");
  });
});

describe("the rest of gokio", () => {
  test("follows the clock: scopes, timeouts, adopted promises", async () => {
    const seen = await simulate(async (sim) => {
      const slow = timeout(100, async () => sleep(HOUR)).then(String, (error) => error.name);
      expect(await slow).toBe("TimeoutError");
      await scope(async (s) => {
        for (let n = 1; n <= 10; n++) s.spawn(async () => sleep(n * 10));
      });
      await wait(sleep(50).then(() => {}));
      return sim.elapsed;
    });
    expect(seen).toBe(250);
  });

  test("hands messages over between simulations and the program outside", async () => {
    const ch = chan<string>(1);
    const inside = simulate(
      function* () {
        yield* sleep(HOUR);
        yield* send(ch, "an hour later");
      },
      { seed: 1 },
    );
    expect(await ch.recv()).toBe("an hour later");
    await inside;
  });
});
