/** The model: what a snapshot says of tasks in every state, of their waits, and of who could end those. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { addHoldings } from "../../src/diagnostics/holdings.ts";
import { type Snapshot, snapshot, type TaskInfo } from "../../src/diagnostics/model.ts";
import { ErrGroup } from "../../src/group/err-group.ts";
import { JoinSet } from "../../src/group/join-set.ts";
import { scope } from "../../src/group/scope.ts";
import { TaskTracker } from "../../src/group/task-tracker.ts";
import { Operation } from "../../src/kernel/operation.ts";
import { PENDING, type Pending } from "../../src/kernel/step.ts";
import type { Waiter } from "../../src/kernel/waiter.ts";
import { select } from "../../src/select/select.ts";
import { task } from "../../src/select/task-case.ts";
import { call } from "../../src/task/call.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { moment } from "../support/moment.ts";
import { virtual } from "../support/virtual.ts";

/** The operations that a task is parked on. */
const operations = (info: TaskInfo | undefined): string[] => info?.waits.map(({ operation }) => operation) ?? [];

const named = ({ tasks }: Snapshot, name: string): TaskInfo => {
  const found = tasks.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no task ${name}`);
  return found;
};

/** Something to wait for that somebody has to open, and that knows who. */
class Gate extends Operation<void> {
  readonly #holders: Iterable<unknown> | undefined;
  readonly #waiting = new Set<Waiter<void>>();

  constructor(holders?: Iterable<unknown>) {
    super();
    this.#holders = holders;
  }

  open(): void {
    for (const waiter of this.#waiting) waiter.wake();
    this.#waiting.clear();
  }

  override try(): Pending {
    return PENDING;
  }

  override link(waiter: Waiter<void>): void {
    this.#waiting.add(waiter);
  }

  override unlink(waiter: Waiter<void>): void {
    this.#waiting.delete(waiter);
  }

  override holders(): Iterable<unknown> | undefined {
    return this.#holders;
  }

  override describe(): string {
    return "a gate";
  }
}

describe("the state of a task", () => {
  test("new until it has run, then running, parked, and runnable once it is woken", () =>
    virtual(async () => {
      const gate = new Gate();
      const states: string[] = [];
      const look = (): void => void states.push(named(snapshot(), "one").state);
      const one = spawn(
        function* () {
          look();
          yield* gate;
        },
        { name: "one" },
      );
      look();
      await moment();
      look();
      gate.open();
      look();
      await one;
      expect(states).toEqual(["new", "running", "parked", "runnable"]);
      expect(snapshot().tasks).toEqual([]);
    }));

  test("of an async task, the same; and a foreign await is said to be one", () =>
    virtual(async () => {
      const gate = new Gate();
      const states: string[] = [];
      const look = (): void => void states.push(named(snapshot(), "one").state);
      let goOn = (): void => {};
      const one = spawn(
        async () => {
          look();
          await gate;
          look();
          await new Promise<void>((resolve) => {
            goOn = resolve;
          });
        },
        { name: "one" },
      );
      look();
      await moment();
      look();
      gate.open();
      look();
      await moment();
      look();
      goOn();
      await one;
      expect(states).toEqual(["new", "running", "parked", "runnable", "running", "foreign await"]);
    }));

  test("one that was cancelled is runnable, and was asked to end", () =>
    virtual(async () => {
      const one = spawn(() => sleep(60_000), { name: "one", daemon: true });
      const two = spawn(
        function* () {
          yield* sleep(60_000);
        },
        { name: "two" },
      );
      await moment();
      expect(snapshot().tasks.map(({ state, aborted, daemon }) => [state, aborted, daemon])).toEqual([
        ["parked", false, true],
        ["parked", false, false],
      ]);
      one.abort();
      two.abort();
      // What an async task does that is told of its end is its own affair.
      expect(snapshot().tasks.map(({ state, aborted }) => [state, aborted])).toEqual([
        ["foreign await", true],
        ["runnable", true],
      ]);
      expect(snapshot().tasks.flatMap(operations)).toEqual(["sleep"]);
    }));

  test("a select that has been decided, and waits for a loser's cleanup, is parked", () =>
    virtual(async () => {
      const go = chan<string>();
      const cleanup = new Gate();
      const one = spawn(
        function* () {
          return yield* select({
            go: recv(go),
            work: task(function* () {
              try {
                yield* sleep(60_000);
              } finally {
                yield* cleanup;
              }
            }),
          });
        },
        { name: "one" },
      );
      await moment();
      await go.send("went");
      await moment();
      expect(named(snapshot(), "one").state).toBe("parked");
      cleanup.open();
      expect(await one).toEqual({ key: "go", value: "went" });
    }));
});

describe("the waits of a task", () => {
  test("in a generator, also below calls and blocks", () =>
    virtual(async () => {
      const ch = chan<number>(0, { name: "jobs" });
      const one = spawn(function* () {
        return yield* call(() => timeout(50, () => recv(ch)));
      });
      await moment();
      const [found] = snapshot().tasks;
      expect([found?.state, operations(found)]).toEqual(["parked", ['recv on chan(0, "jobs")']]);
      await ch.send(1);
      expect(await one).toBe(1);
    }));

  test("in async code, all that there are, in all regions", () =>
    virtual(async () => {
      const ch = chan<number>(0, { name: "jobs" });
      const one = spawn(async () => {
        const first = ch.recv();
        const second = timeout(60_000, async () => await shield(async () => await ch.next()));
        await Promise.all([first, second, sleep(10)]);
      });
      await moment();
      const taken = snapshot();
      expect(operations(taken.tasks[0]).sort()).toEqual([
        'next on chan(0, "jobs")',
        'recv on chan(0, "jobs")',
        "sleep",
      ]);
      expect(taken.outside.map(({ operation }) => operation)).toEqual([]);
      await ch.send(1);
      await ch.send(2);
      await one;
    }));

  test("async code that a generator has called, and waits for", () =>
    virtual(async () => {
      const ch = chan<number>(0, { name: "jobs" });
      const one = spawn(function* () {
        return yield* wait(async () => await ch.recv());
      });
      await moment();
      expect(operations(snapshot().tasks[0])).toEqual(["foreign work", 'recv on chan(0, "jobs")']);
      await ch.send(7);
      expect(await one).toBe(7);
    }));

  test("cleanup in a shield, after the task around it was cancelled", () =>
    virtual(async () => {
      const gate = new Gate();
      const one = spawn(async () => {
        await shield(async () => await gate);
      });
      await moment();
      one.abort();
      await moment();
      const taken = snapshot();
      expect([taken.tasks[0]?.state, operations(taken.tasks[0])]).toEqual(["parked", ["a gate"]]);
      expect(taken.outside).toEqual([]);
      gate.open();
      await one.settled();
    }));

  test("outside of tasks, they are listed apart", () =>
    virtual(async () => {
      const ch = chan<number>(0, { name: "jobs" });
      const waits = [ch.recv(), ch.recv()];
      const { outside, tasks } = snapshot();
      expect(tasks).toEqual([]);
      expect(outside.map(({ operation, task }) => [operation, task])).toEqual([
        ['recv on chan(0, "jobs")', undefined],
        ['recv on chan(0, "jobs")', undefined],
      ]);
      for (const _ of waits) await ch.send(1);
      // Settled, and not yet run: due, and parked no more.
      const late = ch.recv();
      ch.trySend(2);
      expect([snapshot().due, snapshot().outside]).toEqual([1, []]);
      await Promise.all([...waits, late]);
    }));

  test("a race is taken apart, and a race in it", () =>
    virtual(async () => {
      const [a, b] = [chan<number>(0, { name: "a" }), chan<number>(0, { name: "b" })];
      const one = spawn(function* () {
        return yield* select({
          late: timeout(60_000, recv(a)),
          both: select({ send: send(b, 1), gate: new Gate([]) }),
        });
      });
      await moment();
      const [found] = snapshot().tasks[0]?.waits ?? [];
      expect(found?.alternatives.map(({ description }) => description)).toEqual([
        'recv on chan(0, "a")',
        "sleep",
        'send on chan(0, "b")',
        "a gate",
      ]);
      expect(found?.alternatives.map(({ holders }) => holders)).toEqual([undefined, undefined, undefined, []]);
      await b.recv();
      expect((await one).key).toBe("both");
    }));
});

describe("what a task ends with", () => {
  test("a scope, a group, a task, or nothing", () =>
    virtual(async () => {
      const gate = new Gate();
      const body = function* () {
        yield* gate;
      };
      const parent = spawn(
        async () => {
          const set = new JoinSet<void>();
          const group = new ErrGroup();
          const tracker = new TaskTracker();
          set.spawn(body, { name: "set" });
          group.spawn(body, { name: "group" });
          tracker.spawn(body, { name: "tracker" });
          spawn(body, { name: "free" });
          await scope(async (self) => void self.spawn(body, { name: "scope" }));
          await set.joinAll();
          await group.wait();
        },
        { name: "parent" },
      );
      const outside = scope(async (self) => void self.spawn(body, { name: "outside" })).then();
      await moment();
      const taken = snapshot();
      const parents = taken.tasks.map(({ name, parent }) => [name, parent && [parent.kind, parent.task?.name]]);
      expect(Object.fromEntries(parents)).toEqual({
        parent: undefined,
        set: ["a JoinSet", "parent"],
        group: ["an ErrGroup", "parent"],
        tracker: ["a TaskTracker", undefined],
        free: undefined,
        scope: ["a scope", "parent"],
        outside: ["a scope", undefined],
      });
      gate.open();
      await Promise.all([parent, outside]);
    }));
});

describe("what is waited for", () => {
  test("one channel is one resource, whichever way it is waited on; two that look alike are two", () =>
    virtual(async () => {
      const [one, other] = [chan<number>(1), chan<number>(1)];
      const [tx, rx] = mpsc<number>(1);
      await one.send(0);
      await tx.send(0);
      const tasks = [
        spawn(() => one.send(1)),
        spawn(function* () {
          yield* select({ a: send(one, 2), b: recv(other) });
        }),
        spawn(() => other.recv()),
        spawn(() => tx.send(1)),
        spawn(function* () {
          yield* send(tx, 2);
        }),
      ];
      await moment();
      const { resources } = snapshot();
      expect(
        resources.map(({ id, description, depth, capacity, waits }) => [
          id,
          description,
          depth,
          capacity,
          waits.length,
        ]),
      ).toEqual([
        [1, "chan(1)", 1, 1, 2],
        [2, "chan(1)", 0, 1, 2],
        [3, "mpsc(1)", 1, 1, 2],
      ]);
      for (const each of tasks) each.abort();
      for (const each of tasks) await each.settled();
      await rx.recv();
    }));
});

describe("who could end a wait", () => {
  test("tasks are found, those that have ended are said to have, and others are named as they can be", () =>
    virtual(async () => {
      const gate = new Gate();
      const holding = spawn(
        function* () {
          yield* gate;
        },
        { name: "holding" },
      );
      const ended = spawn(async () => {}, { name: "ended" });
      const [holdingRecord, endedRecord] = snapshot().tasks.map(({ record }) => record);
      await ended;
      const needed = new Gate([holdingRecord, endedRecord, new Gate(), "the moon"]);
      const waiting = spawn(
        function* () {
          yield* needed;
        },
        { name: "waiting" },
      );
      await moment();
      const taken = snapshot();
      const [alternative] = named(taken, "waiting").waits[0]?.alternatives ?? [];
      expect(alternative?.holders?.map(({ label, task }) => [label, task?.name])).toEqual([
        [`task ${holding.id} (holding)`, "holding"],
        [`task ${ended.id} (ended), which has ended`, undefined],
        ["a gate", undefined],
        ["the moon", undefined],
      ]);
      const holds = named(taken, "holding").holds;
      expect(holds.map(({ description, waits }) => [description, waits.map(({ task }) => task?.name)])).toEqual([
        ["a gate", ["waiting"]],
      ]);
      expect(taken.taskOf(holdingRecord)?.name).toBe("holding");
      expect(taken.taskOf(endedRecord)).toBeUndefined();
      needed.open();
      gate.open();
      await Promise.all([holding, waiting]);
    }));

  test("more that a task holds may be told by others", () =>
    virtual(async () => {
      const gate = new Gate();
      const one = spawn(
        function* () {
          yield* gate;
        },
        { name: "one" },
      );
      await moment();
      const holdings = addHoldings((record) => (record.name === "one" ? ["mutex", "mutex"] : []));
      expect(snapshot().tasks[0]?.holds).toEqual([{ description: "mutex", resource: undefined, waits: [] }]);
      holdings[Symbol.dispose]();
      expect(snapshot().tasks[0]?.holds).toEqual([]);
      gate.open();
      await one;
    }));
});

test("looking changes nothing: two snapshots are the same", () =>
  virtual(async () => {
    const ch = chan<number>();
    const tasks = [1, 2, 3].map((n) => spawn(() => ch.recv(), { name: `worker ${n}` }));
    await moment();
    const shape = (): unknown => snapshot().tasks.map((each) => [each.label, each.state, operations(each)]);
    expect(shape()).toEqual(shape());
    expect(snapshot().tasks.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
    for (let n = 0; n < 3; n++) await ch.send(n);
    expect(await Promise.all(tasks)).toEqual([0, 1, 2]);
  }));
