/**
 * Deadlock: the process has nothing left that could wake what is parked.
 *
 * The event loop is the witness: when it runs empty while a task that is no daemon is still alive, or somebody outside of tasks
 * still waits, no I/O and no job is left that could ever wake them. Node would end in silence. A timer that does not hold the process might
 * yet wake them; if there is one, it is made to.
 *
 * @module
 */
import { type MemberList, membersOf } from "./cancel-source.ts";
import { NEW } from "./coroutine-flags.ts";
import type { Scheduler } from "./scheduler.ts";
import { type LiveTask, tasksOf } from "./task-list.ts";
import type { DrivenWaiter } from "./waiter.ts";

const MOST_LINES = 50;

/** Who is parked on what, a line each; empty if nothing that matters is. */
export function listParked(scheduler: Scheduler): string[] {
  const lines: string[] = [];
  for (const task of tasksOf(scheduler.tasks)) if (!task.daemon) lines.push(`${task.label}: ${waitOf(task)}`);
  lines.reverse();
  for (const wait of waitsIn(scheduler.root)) lines.push(`outside tasks: ${wait}`);
  return lines;
}

/** What `task` is doing: "recv on chan(8)", "a foreign await". */
export function waitOf(task: LiveTask): string {
  if (task.op !== undefined) return task.op.describe();
  if ((task.flags & NEW) !== 0) return "not started";
  if (task.gen !== undefined) return "running";
  const waits = waitsIn(task);
  return waits.length === 0 ? "a foreign await" : waits.join(", ");
}

/** What the waits in a region, and in those inside it, are parked on. */
export function waitsIn(region: MemberList): string[] {
  const waits: string[] = [];
  for (const member of membersOf(region)) {
    // A child task is listed for itself.
    if ("nextTask" in member) continue;
    if ("first" in member) waits.push(...waitsIn(member as MemberList));
    else if ("op" in member) waits.push((member as DrivenWaiter).op?.describe() ?? "nothing");
  }
  return waits;
}

/** What was said last: the process may come to its end several times. */
const reported = new WeakMap<Scheduler, string>();

/** The report of a scheduler that is stuck; `undefined` if it is not, or has been reported. */
export function deadlockOf(scheduler: Scheduler): string | undefined {
  if (!scheduler.isIdle) return undefined;
  const lines = listParked(scheduler);
  if (lines.length === 0) return undefined;
  // A deadline of a token, or a daemon's timer, does not hold the process, but may be what wakes somebody.
  if (scheduler.timers.hold()) return undefined;
  const hidden = lines.length - MOST_LINES;
  const shown = lines.slice(0, MOST_LINES);
  if (hidden > 0) shown.push(`… and ${hidden} more`);
  const list = shown.join("\n  ");
  if (reported.get(scheduler) === list) return undefined;
  reported.set(scheduler, list);
  return `gokio: deadlock: everything is parked, and nothing is left that could wake it\n  ${list}`;
}
