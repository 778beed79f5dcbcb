/** What a deadlock report lists, asked of a scheduler directly. */
import { describe, expect, test } from "vitest";
import { platform } from "#platform";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { deadlockOf, listParked } from "../../src/kernel/deadlock.ts";
import { type JoinHandle, join } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { moment } from "../support/moment.ts";
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
