/** The probe: what a listener is told, in both flavours; and that nothing of it is there while nobody listens. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { Budget, TURN_CREDITS } from "../../src/kernel/budget.ts";
import { Coroutine } from "../../src/kernel/coroutine.ts";
import { Operation } from "../../src/kernel/operation.ts";
import { attachProbe, type ProbeListener } from "../../src/kernel/probe.ts";
import { PromiseWaiter } from "../../src/kernel/promise-waiter.ts";
import { Scheduler } from "../../src/kernel/scheduler.ts";
import { type LiveTask, TaskList } from "../../src/kernel/task-list.ts";
import { DrivenWaiter } from "../../src/kernel/waiter.ts";
import { select } from "../../src/select/select.ts";
import { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { TaskRecord } from "../../src/task/task.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
// It has the probe watch the handles of tasks, too.
import "../../src/diagnostics/trace.ts";
import { moment } from "../support/moment.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

/** Everything a probe may stand in front of. */
const CLASSES = [
  Budget,
  Coroutine,
  DrivenWaiter,
  JoinHandle,
  Operation,
  PromiseWaiter,
  Scheduler,
  TaskList,
  TaskRecord,
];
const PLACES: readonly [object, string][] = CLASSES.flatMap(({ prototype }) =>
  Object.getOwnPropertyNames(prototype)
    .filter((name) => typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === "function")
    .map((name): [object, string] => [prototype, name]),
);

const methods = (): unknown[] => PLACES.map(([prototype, name]) => Object.getOwnPropertyDescriptor(prototype, name));

/** Writes down what it is told, by the names of the tasks. */
class Recorder implements ProbeListener {
  readonly log: string[] = [];
  readonly #wanted: (name: string) => boolean;

  constructor(wanted = (_name: string): boolean => true) {
    this.#wanted = wanted;
  }

  #say(who: object, what: string): void {
    const name = (who as { name?: string }).name ?? (who instanceof PromiseWaiter ? "a promise" : "a task");
    if (this.#wanted(name)) this.log.push(`${name} ${what}`);
  }

  made(task: LiveTask): void {
    this.#say(task, "made");
  }

  polled(task: Coroutine): void {
    this.#say(task, "polled");
  }

  parked(waiter: object, op: Operation<unknown>): void {
    this.#say(waiter, `parked: ${op.describe()}`);
  }

  woken(waiter: object, cancelled: boolean): void {
    this.#say(waiter, cancelled ? "cancelled" : "woken");
  }

  ended(task: LiveTask): void {
    this.#say(task, "ended");
  }
}

const JOBS = { name: "jobs" };

describe("a listener is told of", () => {
  test("a generator task: made, polled, parked on what, woken, ended", async () => {
    const recorder = new Recorder();
    using _probe = attachProbe(recorder);
    const ch = chan<number>(0, JOBS);
    spawn(
      function* () {
        yield* recv(ch);
        yield* recv(ch);
      },
      { name: "worker" },
    );
    expect(recorder.log.splice(0)).toEqual(["worker made"]);
    await turn();
    expect(recorder.log.splice(0)).toEqual(["worker polled", 'worker parked: recv on chan(0, "jobs")']);
    ch.trySend(1);
    expect(recorder.log.splice(0)).toEqual(["worker woken"]);
    await turn();
    expect(recorder.log.splice(0)).toEqual(["worker polled", 'worker parked: recv on chan(0, "jobs")']);
    ch.trySend(2);
    await turn();
    expect(recorder.log).toEqual(["worker woken", "worker polled", "worker ended"]);
  });

  test("an async task: its own events, and those of its promises", async () => {
    const recorder = new Recorder();
    using _probe = attachProbe(recorder);
    const ch = chan<number>(0, JOBS);
    spawn(async () => void (await ch.recv()), { name: "worker" });
    await turn();
    expect(recorder.log.splice(0)).toEqual([
      "worker made",
      "worker polled",
      'a promise parked: recv on chan(0, "jobs")',
    ]);
    ch.trySend(1);
    await turn();
    expect(recorder.log).toEqual(["a promise woken", "worker ended"]);
  });

  test("a wait that is cancelled, in both flavours, once", async () => {
    const recorder = new Recorder();
    const ch = chan<number>(0, JOBS);
    const tasks = [
      spawn(
        function* () {
          yield* recv(ch);
        },
        { name: "generator" },
      ),
      spawn(async () => void (await ch.recv()), { name: "async" }),
    ];
    await turn();
    using _probe = attachProbe(recorder);
    for (const task of tasks) task.abort();
    expect(recorder.log.splice(0)).toEqual(["generator cancelled", "a promise cancelled"]);
    await turn();
    expect(recorder.log).toEqual(["generator polled", "generator ended", "async ended"]);
  });

  test("a wait that fails, as one that was woken", async () => {
    const recorder = new Recorder();
    const ch = chan<number>(0, JOBS);
    const failing = spawn(
      function* () {
        yield* recv(ch);
      },
      { name: "worker" },
    );
    const other = ch.recv();
    await turn();
    using _probe = attachProbe(recorder);
    ch.close();
    expect(recorder.log.splice(0)).toEqual(["a promise woken", "worker woken"]);
    await expect(failing).rejects.toThrow("is closed");
    await expect(other).rejects.toThrow("is closed");
  });

  test("a select, as one wait; and of nothing while everything is ready", async () => {
    const recorder = new Recorder((name) => name === "worker");
    using _probe = attachProbe(recorder);
    const ch = chan<number>(1, JOBS);
    const task = spawn(
      function* () {
        for (let i = 0; i < 3; i++) {
          yield* send(ch, i);
          yield* recv(ch);
        }
        yield* select({ value: recv(ch), never: recv(chan()) });
      },
      { name: "worker" },
    );
    await turn();
    expect(recorder.log.splice(0)).toEqual([
      "worker made",
      "worker polled",
      'worker parked: select of value: recv on chan(1, "jobs"), never: recv on chan(0)',
    ]);
    ch.trySend(1);
    await task;
    expect(recorder.log).toEqual(["worker woken", "worker polled", "worker ended"]);
  });
});

describe("a listener is told of the scheduler's own business", () => {
  test("roused when there is something to do, queued for each job, resumed and ran around each that runs", () =>
    virtual(async ({ scheduler }) => {
      const log: string[] = [];
      const nameOf = (job: object): string => (job instanceof TaskRecord ? "the task" : "a promise");
      const ch = chan<number>();
      const one = spawn(function* () {
        yield* recv(ch);
      });
      const other = ch.recv();
      await moment();
      using _probe = attachProbe({
        roused: (each) => void log.push(each === scheduler ? "roused" : "another was roused"),
        queued: (_scheduler, job) => void log.push(`queued ${nameOf(job)}`),
        polled: () => void log.push("polled the task"),
        resumed: (waiter) => void log.push(`resumed ${nameOf(waiter)}`),
        ran: (waiter) => void log.push(`ran ${nameOf(waiter)}`),
      });
      ch.trySend(1);
      ch.trySend(2);
      expect(log.splice(0)).toEqual(["queued a promise", "roused", "queued the task"]);
      await moment();
      expect(log.splice(0)).toEqual(["resumed a promise", "ran a promise", "polled the task", "ran the task"]);
      spawn(function* () {
        yield* recv(ch);
      }).abort();
      expect(log.splice(0)).toEqual(["queued the task", "roused"]);
      await Promise.all([one, other]);
    }));

  test("cancelled waits are queued, too, and come first", () =>
    virtual(async () => {
      const log: string[] = [];
      const ch = chan<number>();
      const one = spawn(function* () {
        yield* recv(ch);
      });
      await moment();
      using _probe = attachProbe({ queued: (_scheduler, job) => void log.push((job as TaskRecord).label) });
      one.abort();
      expect(log).toEqual([`task ${one.id}`]);
    }));

  test("refilled, when the event loop has had its turn", () =>
    virtual(async ({ scheduler }) => {
      let refills = 0;
      using _probe = attachProbe({ refilled: (budget) => void (budget === scheduler.budget && refills++) });
      await spawn(function* () {
        for (let i = 0; i < TURN_CREDITS / 2; i++) yield* yieldNow();
      });
      const before = refills;
      await spawn(function* () {
        for (let i = 0; i < 2 * TURN_CREDITS; i++) yield* yieldNow();
      });
      expect(refills - before).toBeGreaterThanOrEqual(2);
    }));
});

describe("a listener is told of an await of something lazy", () => {
  /** Tells, of what is parked, in whose `await` it was. */
  class Stacks implements ProbeListener {
    readonly parkedIn: (string | undefined)[] = [];
    #inside: string | undefined;

    awaited(): (then: () => unknown) => unknown {
      const caller = /at async (\w+)|at (\w+) \(.*probe\.test\.ts/.exec(
        String(new Error("here").stack?.split("\n").slice(2).join("\n")),
      );
      return (then) => {
        this.#inside = caller?.[2] ?? caller?.[1];
        try {
          return then();
        } finally {
          this.#inside = undefined;
        }
      };
    }

    parked(): void {
      this.parkedIn.push(this.#inside);
    }
  }

  test("when it is read, and again around the call", () =>
    virtual(async () => {
      const stacks = new Stacks();
      const ch = chan<number>();
      const held = spawn(async function held() {
        await ch.recv();
      });
      await moment();
      using _probe = attachProbe(stacks);
      const tasks = [
        spawn(async function awaiting() {
          await recv(ch);
        }),
        spawn(async function joining() {
          await held;
        }),
        spawn(async function eager() {
          await ch.recv();
        }),
      ];
      await moment();
      expect(stacks.parkedIn.sort()).toEqual(["awaiting", "joining", undefined]);
      for (let i = 0; i < 3; i++) await ch.send(i);
      await Promise.all(tasks);
    }));

  test("several listeners, each of whom may only look; the value, the error and the arguments pass", () =>
    virtual(async () => {
      let calls = 0;
      const around = (then: () => unknown): unknown => {
        calls++;
        return then();
      };
      using _one = attachProbe({ awaited: () => around });
      using _two = attachProbe({ awaited: () => around });
      using _three = attachProbe({});
      const ch = chan<number>(1);
      await ch.send(7);
      expect(await recv(ch).then((value) => value + 1)).toBe(8);
      ch.close();
      expect(await recv(ch).then(undefined, (error: Error) => error.name)).toBe("ClosedError");
      await expect(recv(ch)).rejects.toThrow("closed");
      expect(calls).toBeGreaterThanOrEqual(6);
    }));
});

describe("in numbers", () => {
  const ROUNDS = 100;

  test.each(["generator", "async"] as const)(
    "a rendezvous between %s tasks parks and wakes once each",
    // In virtual time, for with the budget spent, what is ready is woken, too, though it never parked.
    (flavour) =>
      virtual(async () => {
        const counts = { made: 0, polled: 0, parked: 0, woken: 0, cancelled: 0, ended: 0 };
        using _probe = attachProbe({
          made: () => void counts.made++,
          polled: () => void counts.polled++,
          parked: () => void counts.parked++,
          woken: (_waiter, cancelled) => void (cancelled ? counts.cancelled++ : counts.woken++),
          ended: () => void counts.ended++,
        });
        const ch = chan<number>();
        if (flavour === "generator") {
          spawn(function* () {
            for (let i = 0; i < ROUNDS; i++) yield* send(ch, i);
          });
          spawn(function* () {
            for (let i = 0; i < ROUNDS; i++) yield* recv(ch);
          });
        } else {
          spawn(async () => {
            for (let i = 0; i < ROUNDS; i++) await ch.send(i);
          });
          spawn(async () => {
            for (let i = 0; i < ROUNDS; i++) await ch.recv();
          });
        }
        for (let i = 0; i < ROUNDS && counts.ended < 2; i++) await moment();
        const { parked, polled, ...others } = counts;
        expect(others).toEqual({ made: 2, woken: parked, cancelled: 0, ended: 2 });
        // At each meeting, one of the two was there first.
        expect(parked).toBeGreaterThanOrEqual(ROUNDS / 2);
        expect(parked).toBeLessThanOrEqual(2 * ROUNDS);
        expect(polled).toBe(flavour === "generator" ? 2 + parked : 2);
      }),
  );
});

describe("with no listener", () => {
  test("the same functions run as before one was attached, however many came and went", () => {
    const before = methods();
    const [first, second] = [attachProbe({}), attachProbe({})];
    const during = methods();
    expect(during).not.toEqual(before);
    first[Symbol.dispose]();
    expect(methods()).toEqual(during);
    second[Symbol.dispose]();
    expect(methods()).toEqual(before);
    // Disposed twice, it takes nobody else's listener off.
    const third = attachProbe({});
    second[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(methods()).not.toEqual(before);
    third[Symbol.dispose]();
    expect(methods()).toEqual(before);
  });

  test("nothing is told any more, and what was parked meanwhile goes on", async () => {
    const recorder = new Recorder();
    const ch = chan<number>();
    const probe = attachProbe(recorder);
    const task = spawn(function* () {
      return yield* recv(ch);
    });
    await turn();
    probe[Symbol.dispose]();
    recorder.log.length = 0;
    await ch.send(1);
    expect(await task).toBe(1);
    expect(recorder.log).toEqual([]);
  });
});

test("each event is told once to each listener, however many there are", async () => {
  const [one, two] = [new Recorder(), new Recorder()];
  using _one = attachProbe(one);
  using _two = attachProbe(two);
  await spawn(function* () {}, { name: "worker" }).settled();
  const own = (recorder: Recorder): string[] => recorder.log.filter((line) => line.startsWith("worker"));
  expect(own(one)).toEqual(["worker made", "worker polled", "worker ended"]);
  expect(own(two)).toEqual(own(one));
});
