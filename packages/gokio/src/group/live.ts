/**
 * The live tasks of a group, for people who ask what it waits for: groups themselves only count them.
 *
 * @module
 */
import { type MemberList, membersOf } from "../kernel/cancel-source.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { tasksOf } from "../kernel/task-list.ts";
import { TaskRecord } from "../task/task.ts";

/**
 * The tasks that `isOurs`, of which there have to be `count`; `undefined` if others count, too. They are members of `nodes` unless those were cancelled; then they
 * are looked for among all.
 */
export function liveTasks(
  count: number,
  isOurs: (task: TaskRecord) => boolean,
  nodes: Iterable<MemberList>,
  { tasks }: Scheduler,
): TaskRecord[] | undefined {
  const found: TaskRecord[] = [];
  for (const node of nodes) {
    for (const member of membersOf(node)) if (member instanceof TaskRecord && isOurs(member)) found.push(member);
  }
  if (found.length === count) return found;
  const all = ([...tasksOf(tasks)] as TaskRecord[]).filter(isOurs);
  return all.length === count ? all.reverse() : undefined;
}
