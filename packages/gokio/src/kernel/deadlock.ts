/**
 * Deadlock: the process has nothing left that could wake what is parked.
 *
 * The event loop is the witness: when it runs empty while a task that is no daemon is still alive, or somebody outside of tasks
 * still waits, no I/O and no job is left that could ever wake them. Node would end in silence. A timer that does not hold the process might
 * yet wake them; if there is one, it is made to. One of the platform's own, such as that of `AbortSignal.timeout`, cannot be seen, nor made to.
 *
 * @module
 */
import { type MemberList, membersOf } from "./cancel-source.ts";
import { NEW } from "./coroutine-flags.ts";
import type { Scheduler } from "./scheduler.ts";
import { type LiveTask, tasksOf } from "./task-list.ts";
import type { DrivenWaiter } from "./waiter.ts";

/** How many lines a report has at most, and how many waits are told of one task. */
export const MOST_LINES = 50;
export const MOST_WAITS = 10;

/** Who is parked on what, a line each, and then how many more; empty if nothing that matters is. */
export function listParked(scheduler: Scheduler): string[] {
  const parked: DrivenWaiter[] = [...tasksOf(scheduler.tasks)].reverse();
  for (const waiter of waitersIn(scheduler.root)) parked.push(waiter);
  const lineOf = (one: DrivenWaiter): string =>
    "label" in one ? `${one.label}: ${waitOf(one as LiveTask)}` : `outside tasks: ${describe(one)}`;
  return firstOf(
    MOST_LINES,
    parked.filter((one) => !one.daemon),
    lineOf,
  );
}

/** The first of them, and then how many more. */
export function firstOf<T, S>(most: number, all: readonly T[], show: (one: T) => S): (S | string)[] {
  const shown: (S | string)[] = all.slice(0, most).map(show);
  if (all.length > most) shown.push(`… and ${all.length - most} more`);
  return shown;
}

/** What `task` is doing: "recv on chan(8)", "a foreign await". */
export function waitOf(task: LiveTask): string {
  if (task.op !== undefined) return task.op.describe();
  if ((task.flags & NEW) !== 0) return "not started";
  if (task.gen !== undefined) return "running";
  const waits = waitsIn(task);
  return waits.length === 0 ? "a foreign await" : waits.join(", ");
}

/** What the waits in a region, and in those inside it, are parked on; of very many, the first. */
export function waitsIn(region: MemberList): string[] {
  return firstOf(MOST_WAITS, waitersIn(region), describe);
}

/** The waits in a region, and in those inside it, the oldest first, whether they are parked or due to go on. */
export function waitersIn(region: MemberList): DrivenWaiter[] {
  const waiters: DrivenWaiter[] = [];
  const regions = [region];
  for (const each of regions) {
    for (const member of membersOf(each)) {
      // A child task is listed for itself.
      if ("nextTask" in member) continue;
      if ("first" in member) regions.push(member as MemberList);
      else if ("op" in member) waiters.push(member as DrivenWaiter);
    }
  }
  return waiters;
}

function describe({ op }: DrivenWaiter): string {
  return op?.describe() ?? "nothing";
}

/** What was said last: the process may come to its end several times. */
const reported = new WeakMap<Scheduler, string>();

/** Where diagnostics put a report that says more, from the same first line on. */
export const fullReport: { of: ((scheduler: Scheduler, headline: string) => string) | undefined } = { of: undefined };

const HEADLINE = "gokio: deadlock: everything is parked, and nothing is left that could wake it";

/** The report of a scheduler that is stuck; `undefined` if it is not, or has been reported. */
export function deadlockOf(scheduler: Scheduler): string | undefined {
  if (!scheduler.isIdle) return undefined;
  const lines = listParked(scheduler);
  if (lines.length === 0) return undefined;
  // A deadline of a token, or a daemon's timer, does not hold the process, but may be what wakes somebody.
  if (scheduler.timers.hold()) return undefined;
  const list = lines.join("\n  ");
  if (reported.get(scheduler) === list) return undefined;
  reported.set(scheduler, list);
  return fullReport.of?.(scheduler, HEADLINE) ?? `${HEADLINE}\n  ${list}`;
}
