/** What a deadlock report lists, asked of a scheduler directly. */
import { describe, expect, test } from "vitest";
import { platform } from "#platform";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { membersOf } from "../../src/kernel/cancel-source.ts";
import { currentRegion } from "../../src/kernel/current.ts";
import { deadlockOf, listParked } from "../../src/kernel/deadlock.ts";
import type { Region } from "../../src/kernel/region.ts";
import { Condvar } from "../../src/sync/condvar.ts";
import { Mutex } from "../../src/sync/mutex.ts";
import { currentContext } from "../../src/task/current.ts";
import { type JoinHandle, join } from "../../src/task/join-handle.ts";
import { TaskRegion } from "../../src/task/region.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { moment } from "../support/moment.ts";
import { HEAVY } from "../support/turns.ts";
import { VirtualHost, VirtualScheduler } from "../support/virtual.ts";

const HEAD = "gokio: deadlock: everything is parked, and nothing is left that could wake it\n  ";

/** Runs `body` on a scheduler of its own until nothing is ready, and leaves everything as it is then. */
async function stuck(body: () => void): Promise<VirtualScheduler> {
  const scheduler = new VirtualScheduler(new VirtualHost());
  platform.enter(scheduler.root, body);
  await moment();
  return scheduler;
}

describe("listed are", () => {
  test("tasks of both flavours in the order they were made, then waits outside tasks, each with what it waits for", async () => {
    const jobs = chan<number>(0, { name: "jobs" });
    const scheduler = await stuck(() => {
      spawn(
        function* () {
          yield* recv(jobs);
        },
        { name: "first" },
      );
      spawn(async () => await chan(3).recv(), { name: "second" });
      void jobs.recv();
      void sleep(Number.POSITIVE_INFINITY).then();
    });
    const label = /task \d+ /g;
    expect(listParked(scheduler).map((line) => line.replace(label, ""))).toEqual([
      '(first): recv on chan(0, "jobs")',
      "(second): recv on chan(3)",
      'outside tasks: recv on chan(0, "jobs")',
      "outside tasks: sleep(Infinity)",
    ]);
  });

  test("everything an async task waits for, also within a block; and what is a foreign await", async () => {
    const scheduler = await stuck(() => {
      spawn(async () => {
        await Promise.all([chan(1).recv(), timeout(1000, async () => await chan(2).recv())]);
      });
      spawn(async () => await new Promise(() => {}));
    });
    const lines = listParked(scheduler).map((line) => line.replace(/task \d+: /, ""));
    expect(lines).toEqual(["recv on chan(1), recv on chan(2)", "a foreign await"]);
  });

  test("a child for itself, and not among the waits of who made it", async () => {
    let parent: JoinHandle<unknown> | undefined;
    const scheduler = await stuck(() => {
      parent = spawn(
        function* () {
          const child = spawn(() => recv(chan(7)), { name: "child" });
          yield* join(child);
        },
        { name: "parent" },
      );
    });
    expect(parent?.finished).toBe(false);
    expect(listParked(scheduler).map((line) => line.replace(/task \d+ /g, ""))).toEqual([
      "(parent): join of (child)",
      "(child): recv on chan(7)",
    ]);
  });

  test(
    "of very many waits the first, however many and however deep they are",
    async () => {
      const scheduler = await stuck(() => {
        const ch = chan(1);
        const wait = (): void => void ch.recv();
        spawn(async () => {
          for (let i = 0; i < 150_000; i++) wait();
          await new Promise(() => {});
        });
        spawn(async () => {
          let region: Region = currentRegion();
          for (let i = 0; i < 20_000; i++) region = TaskRegion.inside(region);
          platform.enter(region, wait);
          await new Promise(() => {});
        });
        for (let i = 0; i < 150_000; i++) wait();
      });
      const lines = listParked(scheduler).map((line) => line.replace(/task \d+: /, ""));
      expect(lines[0]).toBe(`${"recv on chan(1), ".repeat(10)}… and 149990 more`);
      expect([lines.length, lines[1], lines[2], lines[50]]).toEqual([
        51,
        "recv on chan(1)",
        "outside tasks: recv on chan(1)",
        "… and 149952 more",
      ]);
    },
    HEAVY,
  );

  test("waits that are decided, or cancelled, and go on only when something else is gone", async () => {
    const scheduler = await stuck(async () => {
      const [mutex, condvar, token] = [new Mutex(0), new Condvar(), new CancellationToken()];
      void condvar.wait(await mutex.lock());
      void condvar.wait(await mutex.lock(), { signal: token });
      spawn(async () => await condvar.wait(await mutex.lock()), { name: "told" });
      const aborted = spawn(async () => await condvar.wait(await mutex.lock()), { name: "aborted" });
      await moment();
      await mutex.lock();
      token.cancel();
      aborted.abort();
      condvar.notifyAll();
    });
    expect(
      listParked(scheduler)
        .map((line) => line.replace(/task \d+ /, ""))
        .sort(),
    ).toEqual([
      "(aborted): wait on condvar",
      "(told): wait on condvar",
      "outside tasks: wait on condvar",
      "outside tasks: wait on condvar",
    ]);
  });

  test("no daemons", async () => {
    const scheduler = await stuck(() => {
      spawn(() => recv(chan()), { daemon: true });
      spawn(async () => await chan().recv(), { daemon: true });
    });
    expect(listParked(scheduler)).toEqual([]);
    expect(deadlockOf(scheduler)).toBe(undefined);
  });
});

describe("a deadlock is", () => {
  test("reported once, and again only when something else is stuck", async () => {
    const ch = chan<number>(1, { name: "one" });
    const scheduler = await stuck(() => void spawn(() => recv(ch)));
    const report = deadlockOf(scheduler);
    expect(report).toMatch(/^gokio: deadlock: .*\n {2}task \d+: recv on chan\(1, "one"\)$/);
    expect(deadlockOf(scheduler)).toBe(undefined);
    platform.enter(scheduler.root, () => void chan(2).recv());
    await moment();
    expect(deadlockOf(scheduler)).toBe(`${report}\n  outside tasks: recv on chan(2)`);
    expect(deadlockOf(scheduler)).toBe(undefined);
  });

  test("none while something is still to run", async () => {
    const scheduler = await stuck(() => void spawn(() => recv(chan())));
    platform.enter(scheduler.root, () => void spawn(() => 1));
    expect(deadlockOf(scheduler)).toBe(undefined);
    await moment();
    expect(deadlockOf(scheduler)).toMatch(HEAD);
  });

  test("none where nothing is parked", async () => {
    const scheduler = await stuck(() => void spawn(() => 1));
    expect(deadlockOf(scheduler)).toBe(undefined);
  });

  test("cut after fifty lines, and says how many more there are", async () => {
    const scheduler = await stuck(() => {
      for (let i = 0; i < 53; i++) void chan(i).recv();
    });
    const lines = deadlockOf(scheduler)?.split("\n") ?? [];
    expect(lines.length).toBe(52);
    expect([lines[1], lines[50], lines[51]]).toEqual([
      "  outside tasks: recv on chan(0)",
      "  outside tasks: recv on chan(49)",
      "  … and 3 more",
    ]);
  });
});

describe("waits that a task left floating when it ended", () => {
  test("are listed, also in a block that goes on, and those that begin only then", async () => {
    let begin: (value?: unknown) => void = () => {};
    const begun = new Promise((resolve) => {
      begin = resolve;
    });
    const scheduler = await stuck(() => {
      spawn(async () => {
        void chan(1).recv();
        void timeout(Number.POSITIVE_INFINITY, async () => await chan(2).recv()).then();
        void shield(async () => await chan(3).recv()).then();
        void begun.then(async () => await chan(4).recv());
      });
    });
    begin();
    await moment();
    expect(listParked(scheduler).sort()).toEqual([1, 2, 3, 4].map((n) => `outside tasks: recv on chan(${n})`));
  });

  test("are gone when they have ended, and contexts that were made there keep nothing", async () => {
    const ch = chan<number>();
    let parted = 0;
    const scheduler = await stuck(() => {
      spawn(async () => {
        void Promise.all([ch.recv(), timeout(60_000, async () => await ch.recv())]).then(() => parted++);
        currentContext().withCancel();
      });
    });
    ch.trySend(1);
    ch.trySend(2);
    await moment();
    expect(parted).toBe(1);
    expect([...membersOf(scheduler.root)]).toEqual([]);
  });
});
