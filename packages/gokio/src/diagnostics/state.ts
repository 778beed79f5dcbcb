/**
 * What a task is doing, told from its flags and from the waits in its regions.
 *
 * @module
 */
import type { MemberList } from "../kernel/cancel-source.ts";
import { DUE, LINKED, NEW } from "../kernel/coroutine-flags.ts";
import { waitersIn } from "../kernel/deadlock.ts";
import type { DrivenWaiter } from "../kernel/waiter.ts";
import type { TaskRecord } from "../task/task.ts";

/**
 * - `new`: it has not run yet;
 * - `running`: its code is on the stack;
 * - `runnable`: it is on the run queue;
 * - `parked`: it waits for something of gokio's;
 * - `foreign await`: an async task that waits for none of gokio's operations, and so for a promise of somebody else's.
 */
export type TaskState = "new" | "running" | "runnable" | "parked" | "foreign await";

/** The waits in a region, and in those inside it. */
export interface Members {
  /** Those that are parked, the oldest first. */
  readonly parked: readonly DrivenWaiter[];
  /** How many are settled, and due to go on. */
  readonly due: number;
}

const NONE: Members = { parked: [], due: 0 };

/** A child task is no member: it is listed for itself. */
export function membersIn(region: MemberList): Members {
  if (region.first === undefined) return NONE;
  const parked: DrivenWaiter[] = [];
  let due = 0;
  for (const waiter of waitersIn(region)) {
    if (waiter.op !== undefined && (waiter.flags & (LINKED | DUE)) !== 0) parked.push(waiter);
    else due++;
  }
  return { parked, due };
}

/** What `task` is doing, whose regions have so many waits that are parked, and due. */
export function stateOf(task: TaskRecord, isCurrent: boolean, parked: number, due: number): TaskState {
  if (isCurrent) return "running";
  if ((task.flags & NEW) !== 0) return "new";
  if (task.gen !== undefined) return (task.flags & (LINKED | DUE)) !== 0 ? "parked" : "runnable";
  if (parked > 0) return "parked";
  return due > 0 ? "runnable" : "foreign await";
}
