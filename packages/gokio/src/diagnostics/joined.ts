/**
 * Which task an operation joins, told from the tasks: they know who waits for their end, and every program would have to load what said it the other way
 * round.
 *
 * @module
 */
import type { Scheduler } from "../kernel/scheduler.ts";
import { tasksOf } from "../kernel/task-list.ts";
import { waitersOf } from "../kernel/wait-list.ts";
import type { TaskRecord } from "../task/task.ts";

/** The operations that are linked to the end of a live task of `scheduler`, and that task. */
export function joinedTasks({ tasks }: Scheduler): ReadonlyMap<unknown, TaskRecord> {
  const joined = new Map<unknown, TaskRecord>();
  for (const task of tasksOf(tasks) as Iterable<TaskRecord>) {
    if (task.joiners !== undefined) for (const { slot } of waitersOf(task.joiners)) joined.set(slot, task);
  }
  return joined;
}
