/**
 * What must be gone when a test is over: tasks, timers, waits, rejections that nobody handled.
 *
 * @module
 */
import process from "node:process";
import { Cancellation, membersOf } from "../../src/kernel/cancel-source.ts";
import { waitOf, waitsIn } from "../../src/kernel/deadlock.ts";
import { defaultScheduler, type Scheduler } from "../../src/kernel/scheduler.ts";
import { tasksOf } from "../../src/kernel/task-list.ts";
import { Waiter } from "../../src/kernel/waiter.ts";
import type { TaskRecord } from "../../src/task/task.ts";
import { turn } from "./turns.ts";

/** How long leftovers may take to go: turns of the event loop. */
const PATIENCE = 8;

/** Tasks that could not be cleared up: held against the test that left them only. */
const stuck = new WeakSet<object>();

/** Everything that is left on `scheduler`, a line each. Deadlines of tokens and contexts are timers, too. */
export function leftOn(scheduler: Scheduler, timersBefore = 0): string[] {
  const lines: string[] = [];
  for (const task of tasksOf(scheduler.tasks)) if (!stuck.has(task)) lines.push(`${task.label}: ${waitOf(task)}`);
  for (const wait of waitsIn(scheduler.root)) lines.push(`outside tasks: ${wait}`);
  const timers = scheduler.timers.size - timersBefore;
  if (lines.length === 0 && timers > 0) lines.push(`${timers} linked timer${timers === 1 ? "" : "s"} of nobody's`);
  return lines;
}

/** Fails, and clears up, unless everything on `scheduler` is gone within a few turns. */
export async function expectNothingLeft(scheduler: Scheduler, timersBefore = 0): Promise<void> {
  await turn();
  let left = leftOn(scheduler, timersBefore);
  for (let i = 0; i < PATIENCE && left.length > 0; i++) {
    await turn();
    left = leftOn(scheduler, timersBefore);
  }
  if (left.length === 0) return;
  await clear(scheduler);
  throw new Error(`the test left something behind:\n  ${left.slice(0, 20).join("\n  ")}`);
}

async function clear(scheduler: Scheduler): Promise<void> {
  const cleared = new Cancellation("cleared up after a test");
  for (const task of [...tasksOf(scheduler.tasks)]) (task as TaskRecord).abort(cleared.reason);
  for (const member of [...membersOf(scheduler.root)]) {
    scheduler.root.remove(member);
    // Left pending for ever: a rejection that nobody awaits would only be noise.
    if (member instanceof Waiter) member.op?.unlink(member);
    else member.cancelled(cleared);
  }
  for (let i = 0; i < PATIENCE; i++) await turn();
  for (const task of tasksOf(scheduler.tasks)) stuck.add(task);
}

const unhandled: unknown[] = [];
const collect = (error: unknown): void => void unhandled.push(error);
let timersBefore = 0;

export function watchRejections(): void {
  process.off("unhandledRejection", collect);
  process.on("unhandledRejection", collect);
}

/** The check after each test, on the default scheduler. One test's leftovers are not held against the next. */
export async function afterEachTest(): Promise<void> {
  try {
    await expectNothingLeft(defaultScheduler, timersBefore);
  } finally {
    timersBefore = defaultScheduler.timers.size;
    const rejections = unhandled.splice(0);
    if (rejections.length > 0) throw new AggregateError(rejections, `unhandled rejections: ${rejections.join(", ")}`);
  }
}

/**
 * Runs `body`, and gives the errors that became unhandled rejections meanwhile, instead of failing the test for them.
 */
export async function unhandledDuring(body: () => unknown): Promise<unknown[]> {
  const seen: unknown[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => seen.push(error));
  try {
    await body();
    for (let i = 0; i < PATIENCE; i++) await turn();
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  return seen;
}
