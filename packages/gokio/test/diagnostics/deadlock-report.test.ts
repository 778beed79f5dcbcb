/** The text of the report on a scheduler that is stuck. */
import { expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { deadlockReport } from "../../src/diagnostics/deadlock.ts";
import { tasksOf } from "../../src/kernel/task-list.ts";
import { lock, Mutex } from "../../src/sync/mutex.ts";
import { join } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import type { TaskRecord } from "../../src/task/task.ts";
import { sleep } from "../../src/time/sleep.ts";
import { virtual } from "../support/virtual.ts";

/** The report on what `body` leaves behind, without the ids. */
async function reportOn(body: () => void): Promise<string[]> {
  return await virtual(async ({ scheduler }) => {
    body();
    await sleep(10);
    const report = deadlockReport(scheduler, "gokio: deadlock: as it is");
    for (const task of [...tasksOf(scheduler.tasks)].reverse()) (task as TaskRecord).abort();
    return report.replace(/task \d+ \((\w+)\)/g, "$1").split("\n");
  });
}

test("all who are parked, and no daemons; then each cycle once, but not who is behind it", async () => {
  const [a, b] = [new Mutex(0, { name: "a" }), new Mutex(0, { name: "b" })];
  const both = (first: Mutex<number>, second: Mutex<number>) =>
    function* () {
      yield* lock(first);
      yield* sleep(1);
      yield* lock(second);
    };
  const report = await reportOn(() => {
    const ab = spawn(both(a, b), { name: "ab" });
    spawn(both(b, a), { name: "ba" });
    spawn(
      function* () {
        yield* join(ab);
      },
      { name: "behind" },
    );
    spawn(() => chan(1).recv(), { name: "server", daemon: true });
    spawn(
      async () => {
        await Promise.all([a.lock(), chan(2).recv()]);
      },
      { name: "two" },
    );
  });
  expect(report).toEqual([
    "gokio: deadlock: as it is",
    '  ab: lock on mutex("b"), held by ba',
    '  ba: lock on mutex("a"), held by ab',
    "  behind: join of ab",
    '  two: lock on mutex("a"), held by ab, recv on chan(2)',
    "",
    "  a cycle:",
    '    ab waits for ba: lock on mutex("b")',
    '    ba waits for ab: lock on mutex("a")',
  ]);
});

test("long lists are cut: of tasks, of waits, of cycles", async () => {
  const report = await reportOn(() => {
    for (let i = 0; i < 60; i++) {
      spawn(
        async () => {
          const mutex = new Mutex(0);
          await mutex.lock();
          for (let n = 0; n < 12; n++) void mutex.lock();
          await mutex.lock();
        },
        { name: "self" },
      );
    }
  });
  expect(report.filter((line) => line.startsWith("  self: "))).toHaveLength(50);
  expect(report.filter((line) => line === "  … and 10 more")).toHaveLength(1);
  expect(report.filter((line) => line === "  a cycle:")).toHaveLength(5);
  expect(report.at(-1)).toBe("  … and 55 more");
  expect(report[1]).toMatch(/, … and 3 more$/);
});
