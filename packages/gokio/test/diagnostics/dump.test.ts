/** Dumps of real programs: their text, their JSON and their graphs, word by word. */

import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { dump } from "../../src/diagnostics/dump.ts";
import { trace } from "../../src/diagnostics/trace.ts";
import { scope } from "../../src/group/scope.ts";
import { Operation } from "../../src/kernel/operation.ts";
import { PENDING, type Pending } from "../../src/kernel/step.ts";
import { type LiveTask, tasksOf } from "../../src/kernel/task-list.ts";
import type { Waiter } from "../../src/kernel/waiter.ts";
import { select } from "../../src/select/select.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { moment } from "../support/moment.ts";
import { type VirtualClock, virtual } from "../support/virtual.ts";

/** Ids go on counting from test to test: here they count from 1, in the order they first appear. */
function renumbered(text: string): string {
  const ids = new Map<string, number>();
  const numberOf = (id: string): number => {
    if (!ids.has(id)) ids.set(id, ids.size + 1);
    return ids.get(id) as number;
  };
  return text.replace(/\b(task |t)(\d+)\b/g, (_all, word: string, id: string) => `${word}${numberOf(id)}`);
}

const text = (): string => renumbered(`${dump()}`);

/** Something that the tasks called `holders` alone can give; nobody, if there are none. */
class Treasure extends Operation<void> {
  readonly #holders: readonly LiveTask[];

  constructor({ scheduler }: VirtualClock, ...holders: string[]) {
    super();
    const tasks = [...tasksOf(scheduler.tasks)];
    this.#holders = holders.map((name) => tasks.find((each) => (each as { name?: string }).name === name) as LiveTask);
  }

  override try(): Pending {
    return PENDING;
  }

  override link(_waiter: Waiter<void>): void {}

  override unlink(_waiter: Waiter<void>): void {}

  override holders(): Iterable<unknown> {
    return this.#holders;
  }

  override describe(): string {
    return "dig for treasure";
  }
}

async function end(...tasks: JoinHandle<unknown>[]): Promise<void> {
  for (const each of tasks) each.abort();
  for (const each of tasks) await each.settled();
}

describe("as text", () => {
  test("nothing at all", () =>
    virtual(() => {
      expect(`${dump()}`).toBe("gokio: 0 tasks");
    }));

  test("every state, parents, daemons, aborted tasks, and waits outside", () =>
    virtual(async () => {
      const jobs = chan<number>(0, { name: "jobs" });
      const parent = spawn(
        async () => {
          await scope(async (self) => {
            self.spawn(() => jobs.recv(), { name: "child" });
            await Promise.all([sleep(1000), jobs.recv()]);
          });
        },
        { name: "parent" },
      );
      let endForeign = (): void => {};
      const foreign = spawn(() => new Promise<void>((resolve) => (endForeign = resolve)), { daemon: true });
      await moment();
      const shown: string[] = [];
      const looking = spawn(
        function* () {
          shown.push(text());
        },
        { name: "looking" },
      );
      const fresh = spawn(async () => {});
      const outside = [jobs.recv(), jobs.recv(), sleep(5).then()];
      foreign.abort();
      await moment();
      expect(shown).toEqual([
        [
          "gokio: 5 tasks: 2 parked, 1 in a foreign await, 1 running, 1 new; 3 waits outside tasks",
          "",
          "task 1 (parent): parked on 2 waits at once",
          // An eager wait is there first.
          '    recv on chan(0, "jobs")',
          "    sleep",
          "",
          "task 2: in a foreign await",
          "    was asked to end",
          "    a daemon: it does not keep the process alive",
          "",
          'task 3 (child): parked on recv on chan(0, "jobs")',
          "    in a scope of task 1 (parent)",
          "",
          "task 4 (looking): running",
          "",
          "task 5: not started",
          "",
          'outside tasks: 2 × recv on chan(0, "jobs")',
          "",
          "outside tasks: sleep",
        ].join("\n"),
      ]);
      for (let n = 0; n < 4; n++) await jobs.send(n);
      endForeign();
      await Promise.all([...outside, looking, fresh, parent, foreign.settled()]);
    }));

  test("tasks that do the same are told of once; another name, state, operation or place tells them apart", () =>
    virtual(async () => {
      const jobs = chan<number>(0, { name: "jobs" });
      const work = function* () {
        yield* recv(jobs);
      };
      const tasks: JoinHandle<unknown>[] = [];
      for (let i = 0; i < 12; i++) tasks.push(spawn(work, { name: `worker ${i}` }));
      tasks.push(
        spawn(work),
        spawn(work),
        spawn(() => jobs.next(), { name: "worker 12" }),
      );
      tasks.push(spawn(work, { name: "same" }), spawn(work, { name: "same" }));
      await moment();
      const ids = (from: number, to: number, name: (i: number) => string): string =>
        Array.from({ length: to - from }, (_, i) => name(from + i)).join(", ");
      expect(text()).toBe(
        [
          "gokio: 17 tasks: 17 parked",
          "",
          '12 tasks (worker #): parked on recv on chan(0, "jobs")',
          `    ${ids(0, 8, (i) => `task ${i + 1} (worker ${i})`)}, … and 4 more`,
          "",
          '2 tasks: parked on recv on chan(0, "jobs")',
          "    task 9, task 10",
          "",
          'task 11 (worker 12): parked on next on chan(0, "jobs")',
          "",
          '2 tasks (same): parked on recv on chan(0, "jobs")',
          "    task 12, task 13",
        ].join("\n"),
      );
      await end(...tasks);
    }));

  test("who holds what, and who waits for it", () =>
    virtual(async (clock) => {
      const rich = spawn(() => sleep(60_000), { name: "rich" });
      const digging = [1, 2].map((n) => spawn(() => new Treasure(clock, "rich"), { name: `digger ${n}` }));
      const vain = spawn(
        function* () {
          yield* select({ a: new Treasure(clock), b: sleep(60_000), c: new Treasure(clock, "rich") });
        },
        { name: "vain" },
      );
      await moment();
      expect(text()).toBe(
        [
          "gokio: 4 tasks: 4 parked",
          "",
          "task 1 (rich): parked on sleep",
          "    holds dig for treasure, for which task 2 (digger 1), task 3 (digger 2), task 4 (vain) wait",
          "",
          "2 tasks (digger #): parked on dig for treasure",
          "    task 2 (digger 1), task 3 (digger 2)",
          "    waits for task 1 (rich)",
          "",
          "task 4 (vain): parked on select of a: dig for treasure, b: sleep, c: dig for treasure",
          "    dig for treasure waits for nobody: nothing is left that could end it",
          "    dig for treasure waits for task 1 (rich)",
        ].join("\n"),
      );
      await end(...digging, vain, rich);
    }));

  test("while tracing: ages, durations, counts, and places, each described once for all who are there", () =>
    virtual(async ({ host }) => {
      using _tracing = trace();
      const jobs = chan<number>(0, { name: "jobs" });
      function* fetchJob() {
        yield* recv(jobs);
      }
      const start = (): JoinHandle<unknown> =>
        spawn(function* worker() {
          yield* fetchJob();
        });
      const tasks: JoinHandle<unknown>[] = [];
      await moment();
      for (let i = 0; i < 2; i++) {
        tasks.push(start());
        await moment();
        host.skip(1500);
      }
      const outside = jobs.recv();
      const places = text()
        .replace(/\n.*virtual\.ts:.*/g, "")
        .replace(/[\w/.-]+dump\.test\.ts:\d+:\d+/g, "HERE");
      expect(places).toBe(
        [
          "gokio: 2 tasks: 2 parked; 1 wait outside tasks",
          "",
          '2 tasks: parked on recv on chan(0, "jobs"), 1.5 s to 3 s',
          "    task 1, task 2",
          "    parked at fetchJob (HERE)",
          "      from worker (HERE)",
          "    made 1.5 s to 3 s ago, has run once",
          "    made at start (HERE)",
          "      from HERE",
          "",
          'outside tasks: recv on chan(0, "jobs"), 0 ms',
          "    parked at HERE",
        ].join("\n"),
      );
      for (let i = 0; i < 3; i++) await jobs.send(i);
      await Promise.all([...tasks, outside]);
    }));

  test("is what templates, consoles and errors show", () =>
    virtual(() => {
      expect(inspect(dump())).toBe(String(dump()));
    }));
});

describe("as JSON", () => {
  test("of a program that is not traced: who, in what state, on what, and who holds it", () =>
    virtual(async (clock) => {
      const full = chan<number>(1, { name: "full" });
      await full.send(1);
      const rich = spawn(() => full.send(2), { name: "rich" });
      const digging = spawn(
        function* () {
          yield* select({ a: new Treasure(clock, "rich"), b: send(full, 3) });
        },
        { daemon: true },
      );
      const outside = sleep(60_000).then();
      await moment();
      expect(JSON.parse(JSON.stringify(dump()))).toEqual({
        version: 1,
        tracing: false,
        tasks: [
          {
            id: rich.id,
            name: "rich",
            state: "parked",
            daemon: false,
            aborted: false,
            parent: null,
            waits: [
              {
                operation: 'send on chan(1, "full")',
                alternatives: [{ operation: 'send on chan(1, "full")', resource: 1, holders: null }],
              },
            ],
            holds: [{ description: "dig for treasure", resource: null, waiting: [digging.id] }],
          },
          {
            id: digging.id,
            state: "parked",
            daemon: true,
            aborted: false,
            parent: null,
            waits: [
              {
                operation: 'select of a: dig for treasure, b: send on chan(1, "full")',
                alternatives: [
                  {
                    operation: "dig for treasure",
                    resource: null,
                    holders: [{ task: rich.id, label: `task ${rich.id} (rich)` }],
                  },
                  { operation: 'send on chan(1, "full")', resource: 1, holders: null },
                ],
              },
            ],
            holds: [],
          },
        ],
        outside: [{ operation: "sleep", alternatives: [{ operation: "sleep", resource: null, holders: null }] }],
        resources: [{ id: 1, description: 'chan(1, "full")', depth: 1, capacity: 1, waits: 2 }],
      });
      await end(rich, digging);
      await outside;
    }));

  test("of one that is: times, counts and frames", () =>
    virtual(async ({ host }) => {
      using _tracing = trace();
      const maker = spawn(
        async function make() {
          spawn(async function rest() {
            await sleep(5);
          });
          await sleep(5);
        },
        { name: "maker" },
      );
      await moment();
      host.skip(2);
      const { tracing, tasks } = dump().toJSON();
      const frame = { name: expect.any(String), file: expect.stringContaining("dump.test.ts"), line: 1, column: 1 };
      const frames = [{ ...frame, line: expect.any(Number), column: expect.any(Number) }];
      expect(tracing).toBe(true);
      expect(tasks[1]).toEqual({
        id: expect.any(Number),
        state: "parked",
        daemon: false,
        aborted: false,
        parent: null,
        waits: [{ operation: "sleep", alternatives: [expect.anything()], duration: 2, parkedAt: frames }],
        holds: [],
        age: 2,
        polls: 1,
        madeAt: frames,
        madeBy: `task ${maker.id} (maker)`,
      });
      expect(tasks[1]?.waits[0]?.parkedAt?.[0]?.name).toBe("rest");
      expect(tasks[1]?.madeAt?.[0]?.name).toBe("make");
      await maker;
      await sleep(5);
    }));
});

describe("as a graph", () => {
  const drawn = (draw: () => string): Promise<string> =>
    virtual(async (clock) => {
      const jobs = chan<number>(0, { name: 'the "jobs"' });
      const rich = spawn(() => sleep(60_000), { name: "rich" });
      const others = [
        ...[1, 2].map((n) => spawn(() => jobs.recv(), { name: `worker ${n}` })),
        spawn(() => new Treasure(clock, "rich")),
        spawn(() => chan().recv(), { name: "alone" }),
      ];
      await moment();
      const abandoned = jobs.recv();
      const graph = renumbered(draw());
      await end(rich, ...others);
      jobs.close();
      await abandoned.catch(() => {});
      return graph;
    });

  test("in DOT", async () => {
    expect(await drawn(() => dump().toDot())).toBe(`digraph gokio {
  "t1" [label="task 1 (rich)\\nparked", shape=box];
  "t2" [label="2 × worker #\\nparked", shape=box];
  "t3" [label="task 3\\nparked", shape=box];
  "t4" [label="task 4 (alone)\\nparked", shape=box];
  "r1" [label="chan(0, \\"the \\\\\\"jobs\\\\\\"\\")\\n0 of 0", shape=ellipse];
  "r2" [label="chan(0)\\n0 of 0", shape=ellipse];
  "o:sleep" [label="sleep", shape=plaintext];
  "outside" [label="outside tasks", shape=plaintext];
  "t1" -> "o:sleep" [label="sleep"];
  "t2" -> "r1" [label="recv"];
  "t3" -> "t1" [label="dig for treasure"];
  "t4" -> "r2" [label="recv"];
  "outside" -> "r1" [label="recv"];
}
`);
  });

  test("in Mermaid", async () => {
    expect(await drawn(() => dump().toMermaid())).toBe(`flowchart LR
  t1["task 1 (rich)<br>parked"]
  t2["2 × worker #35;<br>parked"]
  t3["task 3<br>parked"]
  t4["task 4 (alone)<br>parked"]
  r1(["chan(0, #34;the \\#34;jobs\\#34;#34;)<br>0 of 0"])
  r2(["chan(0)<br>0 of 0"])
  o6>"sleep"]
  o7>"outside tasks"]
  t1 -->|"sleep"| o6
  t2 -->|"recv"| r1
  t3 -->|"dig for treasure"| t1
  t4 -->|"recv"| r2
  o7 -->|"recv"| r1
`);
  });

  test("tasks that wait for two channels that look alike are two nodes, though one paragraph", () =>
    virtual(async () => {
      const tasks = [chan(), chan()].map((ch) => spawn(() => ch.recv()));
      await moment();
      expect(
        dump()
          .toDot()
          .match(/shape=box/g),
      ).toHaveLength(2);
      expect(text()).toContain("2 tasks: parked on recv on chan(0)");
      await end(...tasks);
    }));
});

test("a dump shows the moment it was taken", () =>
  virtual(async () => {
    const one = spawn(() => sleep(5), { name: "one" });
    await moment();
    const taken = dump();
    await one;
    expect(renumbered(String(taken))).toBe("gokio: 1 task: 1 parked\n\ntask 1 (one): parked on sleep");
    expect(taken.toJSON().tasks).toHaveLength(1);
  }));
