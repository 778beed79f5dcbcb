/** Regions: what is left in one when its block is over, and what can be seen of one that is shielded. */
import { describe, expect, test } from "vitest";
import { platform } from "#platform";
import { Context } from "../../src/cancel/context.ts";
import { CancellationToken } from "../../src/cancel/token.ts";
import { type Chan, chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { ErrGroup } from "../../src/group/err-group.ts";
import { JoinSet } from "../../src/group/join-set.ts";
import { retry } from "../../src/group/retry.ts";
import { scope } from "../../src/group/scope.ts";
import { type MemberList, membersOf } from "../../src/kernel/cancel-source.ts";
import { listParked, waitsIn } from "../../src/kernel/deadlock.ts";
import { select } from "../../src/select/select.ts";
import { task } from "../../src/select/task-case.ts";
import { JoinHandle } from "../../src/task/join-handle.ts";
import { runIn } from "../../src/task/run-in.ts";
import { runUntilCancelled } from "../../src/task/run-until-cancelled.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { moment } from "../support/moment.ts";
import { HEAVY, turn } from "../support/turns.ts";
import { VirtualHost, VirtualScheduler, virtual } from "../support/virtual.ts";
import { flavours } from "./flavours.ts";

const blocks: { name: string; around(body: () => Promise<void>): PromiseLike<unknown> }[] = [
  { name: "a timeout", around: (body) => timeout(60_000, body) },
  { name: "a scope", around: (body) => scope(body) },
  { name: "a retry", around: (body) => retry(body) },
  { name: "a context", around: (body) => runIn(Context.background, body) },
  { name: "a shield", around: (body) => shield(body) },
  { name: "a timeout in a timeout", around: (body) => timeout(60_000, () => timeout(50_000, body)) },
];

const countMembers = (list: MemberList): number => [...membersOf(list)].length;
const recordOf = (handle: JoinHandle<unknown>): MemberList => JoinHandle.taskOf(handle);

describe.each(blocks.filter(({ name }) => name !== "a context" && name !== "a shield"))(
  "what $name leaves behind is cancelled with the task:",
  ({ around }) => {
    test("a wait", async () => {
      const ch = chan<number>();
      const leaving = spawn(async () => {
        let wait: Promise<number> | undefined;
        await around(async () => {
          wait = ch.recv();
        });
        await wait;
      });
      await turn();
      leaving.abort("why");
      expect(await leaving.settled()).toEqual({ status: "aborted", reason: "why" });
      expect(ch.trySend(1)).toBe(false);
    });

    test("async work that goes on waiting, also once the block is over", () =>
      virtual(async () => {
        let ended: unknown;
        const leaving = spawn(async () => {
          let floating: Promise<void> | undefined;
          await around(async () => {
            floating = (async () => {
              for (;;) {
                await Promise.resolve();
                await sleep(5);
              }
            })();
            floating.catch((error) => {
              ended = error;
            });
          });
          await floating;
        });
        await sleep(22);
        leaving.abort("why");
        expect(await leaving.settled()).toEqual({ status: "aborted", reason: "why" });
        expect(ended).toMatchObject({ name: "AbortError", cause: "why" });
      }));

    test("a wait that begins only after the task was aborted", async () => {
      const ch = chan<number>();
      let begin: () => void = () => {};
      const ended: string[] = [];
      const leaving = spawn(async () => {
        await around(async () => {
          // It keeps the region of the block as its context.
          const later = new Promise<void>((resolve) => {
            begin = resolve;
          });
          void later.then(() => ch.recv()).then(String, (error: Error) => ended.push(error.name));
        });
        await ch.recv();
      });
      await turn();
      leaving.abort();
      expect((await leaving.settled()).status).toBe("aborted");
      begin();
      await turn();
      const isLeft = ch.trySend(1);
      expect([ended, isLeft]).toEqual([["AbortError"], false]);
    });

    test("a group that was made in there, and is given work later", async () => {
      const made: (JoinSet<unknown> | ErrGroup)[] = [];
      const children: JoinHandle<unknown>[] = [];
      const leaving = spawn(async () => {
        await around(async () => void made.push(new JoinSet(), new ErrGroup()));
        const [set, group] = made as [JoinSet<unknown>, ErrGroup];
        children.push(set.spawn(async () => await chan().recv()));
        void group.spawn(async () => {
          try {
            await chan().recv();
          } finally {
            ended = true;
          }
        });
        await chan().recv();
      });
      let ended = false;
      await turn();
      leaving.abort("why");
      expect((await leaving.settled()).status).toBe("aborted");
      expect((await children[0]?.settled())?.status).toBe("aborted");
      await turn();
      expect(ended).toBe(true);
    });
  },
);

describe.each(blocks)("$name", ({ around }) => {
  test(
    "that leaves a short wait behind is forgotten when that has ended, 10⁴ times",
    async () => {
      const ch = chan<number>();
      const counts: number[] = [];
      const waits: Promise<number>[] = [];
      const longLived: JoinHandle<void> = spawn(async () => {
        for (let i = 0; i < 10_000; i++) {
          await around(async () => void waits.push(ch.recv()));
          ch.trySend(i);
        }
        await Promise.all(waits);
        counts.push(countMembers(recordOf(longLived)));
      });
      await longLived;
      expect(counts).toEqual([0]);
      expect(waits.length).toBe(10_000);
    },
    HEAVY,
  );

  test("that leaves nothing behind is forgotten at once", async () => {
    const counts: number[] = [];
    const longLived: JoinHandle<void> = spawn(async () => {
      for (let i = 0; i < 100; i++) await around(async () => void (await sleep(0)));
      counts.push(countMembers(recordOf(longLived)));
    });
    await longLived;
    expect(counts).toEqual([0]);
  });
});

describe("a deadline counts as the block's own, and no more once it is over", () => {
  test("what was left behind lives on past it", () =>
    virtual(async () => {
      const ch = chan<string>();
      const leaving = spawn(async () => {
        let wait: Promise<string> | undefined;
        await timeout(10, async () => {
          wait = ch.recv();
        });
        return await wait;
      });
      await sleep(50);
      expect(ch.trySend("late")).toBe(true);
      expect(await leaving).toBe("late");
    }));
});

/** Runs `body` on a scheduler of its own until nothing is ready, and leaves everything as it is then. */
async function on(body: () => void, scheduler = new VirtualScheduler(new VirtualHost())): Promise<VirtualScheduler> {
  platform.enter(scheduler.root, body);
  await moment();
  return scheduler;
}

const lines = (scheduler: VirtualScheduler): string[] =>
  listParked(scheduler).map((line) => line.replace(/task \d+/g, "task"));

describe("a shielded wait", () => {
  test("is seen in a task, and outside of tasks, and leaves nothing when it has ended", async () => {
    const ch = chan<number>(5);
    let handle: JoinHandle<unknown> | undefined;
    const scheduler = await on(() => {
      handle = spawn(async () => await shield(() => shield(async () => await ch.recv())), { name: "inside" });
      void shield(async () => await ch.recv()).then();
    });
    expect(lines(scheduler)).toEqual(["task (inside): recv on chan(5)", "outside tasks: recv on chan(5)"]);
    expect(waitsIn(recordOf(handle as JoinHandle<unknown>))).toEqual(["recv on chan(5)"]);
    expect([ch.trySend(1), ch.trySend(2)]).toEqual([true, true]);
    await moment();
    expect(handle?.finished).toBe(true);
    expect(lines(scheduler)).toEqual([]);
    expect([countMembers(recordOf(handle as JoinHandle<unknown>)), countMembers(scheduler.root)]).toEqual([0, 0]);
  });

  test("is seen, and goes on, while the task around it is aborted, before and after", async () => {
    const ch = chan<number>(5);
    const got: unknown[] = [];
    let before: JoinHandle<unknown> | undefined;
    let after: JoinHandle<unknown> | undefined;
    const scheduler = await on(() => {
      before = spawn(async () => await shield(async () => got.push(await ch.recv())));
      after = spawn(async () => {
        try {
          await chan().recv();
        } finally {
          await shield(async () => got.push(await ch.recv()));
        }
      });
    });
    before?.abort();
    after?.abort();
    await moment();
    expect(lines(scheduler).filter((line) => line.endsWith("recv on chan(5)")).length).toBe(2);
    expect(waitsIn(scheduler.root)).toEqual(["recv on chan(5)", "recv on chan(5)"]);
    expect([ch.trySend(1), ch.trySend(2)]).toEqual([true, true]);
    await moment();
    expect(got).toEqual([1, 2]);
    expect([before?.finished, after?.finished]).toEqual([true, true]);
    expect([lines(scheduler), countMembers(scheduler.root)]).toEqual([[], 0]);
  });

  test("in a shield that is cancelled by its own limit is not, and nothing is left", () =>
    virtual(async ({ scheduler }) => {
      const limited = spawn(async () => {
        await shield(async () => await chan().recv(), { ms: 5 });
      });
      await expect(limited).rejects.toMatchObject({ name: "TimeoutError" });
      expect([countMembers(recordOf(limited)), countMembers(scheduler.root)]).toEqual([0, 0]);
    }));
});

describe("a wait that was decided, while a loser cleans up,", () => {
  interface Set {
    readonly ch: Chan<string>;
    /** Lets the loser's cleanup end. */
    readonly gate: Chan<void>;
    readonly got: unknown[];
    readonly cases: () => ReturnType<typeof select>;
  }

  function setUp(): Set {
    const ch = chan<string>();
    const gate = chan<void>(1);
    const never = chan<never>();
    const cases = () =>
      select({
        value: recv(ch),
        work: task(function* () {
          try {
            yield* recv(never);
          } finally {
            yield* recv(gate);
          }
        }),
      });
    return { ch, gate, got: [], cases: cases as never };
  }

  test("is seen in a task; an abort then moves it, and does not disturb it", async () => {
    const { ch, gate, got, cases } = setUp();
    let selects: JoinHandle<unknown> | undefined;
    const scheduler = await on(() => {
      selects = spawn(async () => void got.push(await cases()));
    });
    const wait = "select of value: recv on chan(0), work: task";
    expect(ch.trySend("it")).toBe(true);
    await moment();
    expect(lines(scheduler)).toEqual([`task: ${wait}`, "task: recv on chan(1)"]);
    selects?.abort();
    await moment();
    expect(lines(scheduler)).toEqual(["task: a foreign await", "task: recv on chan(1)", `outside tasks: ${wait}`]);
    expect(got).toEqual([]);
    gate.trySend();
    await moment();
    expect(got).toEqual([{ key: "value", value: "it" }]);
    expect(await selects?.settled()).toEqual({ status: "ok", value: undefined });
    expect([lines(scheduler), countMembers(scheduler.root)]).toEqual([[], 0]);
  });

  test("is seen outside of tasks", async () => {
    const { ch, gate, got, cases } = setUp();
    const scheduler = await on(() => void cases().then((won) => got.push(won)));
    ch.trySend("it");
    await moment();
    expect(lines(scheduler)).toContain("outside tasks: select of value: recv on chan(0), work: task");
    gate.trySend();
    await moment();
    expect(got).toEqual([{ key: "value", value: "it" }]);
    expect([lines(scheduler), countMembers(scheduler.root)]).toEqual([[], 0]);
  });

  test("is seen when it was cancelled, and is rejected after the cleanup", async () => {
    const { gate, got, cases } = setUp();
    let selects: JoinHandle<unknown> | undefined;
    const scheduler = await on(() => {
      selects = spawn(async () => void (await cases().then(undefined, (error: Error) => got.push(error.name))));
    });
    selects?.abort("why");
    await moment();
    expect(got).toEqual([]);
    expect(lines(scheduler)).toContain("outside tasks: select of value: recv on chan(0), work: task");
    gate.trySend();
    await moment();
    expect(got).toEqual(["AbortError"]);
    expect((await selects?.settled())?.status).toBe("aborted");
    expect([lines(scheduler), countMembers(scheduler.root)]).toEqual([[], 0]);
  });
});

describe.each(flavours)("no body is run, $name,", ({ name, body }) => {
  test("by a block that an aborted task enters", async () => {
    const log: string[] = [];
    const entered = [
      () =>
        scope(
          body(function* () {
            log.push("a scope");
          }),
        ),
      () =>
        timeout(
          60_000,
          body(function* () {
            log.push("a timeout");
          }),
        ),
      () =>
        retry(
          body(function* () {
            log.push("a retry");
          }),
        ),
      () =>
        runIn(
          Context.background.withCancel(),
          body(function* () {
            log.push("a context");
          }),
        ),
      () => scope(() => void log.push("a plain scope")),
    ];
    for (const enter of entered) {
      const self: JoinHandle<unknown> = spawn(
        body(function* () {
          self.abort("self");
          yield enter() as never;
          log.push("after");
        }),
      );
      expect(await self.settled()).toEqual({ status: "aborted", reason: "self" });
    }
    expect(log).toEqual([]);
  });

  test("in a region that is born cancelled", async () => {
    const token = new CancellationToken();
    token.cancel("done");
    const context = Context.background.withCancel();
    context.cancel("done");
    const log: string[] = [];
    const bodies = (): (() => unknown)[] => [
      body(function* () {
        log.push("ran");
        return 42;
      }),
      () => log.push("plain"),
      async () => log.push("async"),
    ];
    for (const each of bodies()) {
      const [retried, inContext, until] = [
        spawn(
          body(function* () {
            return yield retry(each as () => Promise<unknown>, { signal: token });
          }),
        ),
        spawn(
          body(function* () {
            return yield runIn(context, each as () => Promise<unknown>);
          }),
        ),
        spawn(
          body(function* () {
            return yield runUntilCancelled(token, each as () => Promise<unknown>);
          }),
        ),
      ] as const;
      await expect(retried).rejects.toMatchObject({ name: "AbortError", cause: "done" });
      await expect(inContext).rejects.toMatchObject({ name: "AbortError", cause: "done" });
      expect(await until).toBeUndefined();
    }
    expect([name, log]).toEqual([name, []]);
  });
});
