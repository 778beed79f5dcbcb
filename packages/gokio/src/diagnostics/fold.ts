/**
 * Folding: tasks that do the same, at the same places, are told of once, with a count.
 *
 * @module
 */
import type { Snapshot, TaskInfo, WaitInfo } from "./model.ts";
import { placeOf } from "./place.ts";

/** Tasks that are told of together, the oldest first. */
export interface Fold {
  readonly tasks: readonly [TaskInfo, ...TaskInfo[]];
}

/** The tasks of a snapshot in groups, in the order of the first of each. `extra` tells apart what else is to be. */
export function foldTasks(
  { tasks }: Pick<Snapshot, "tasks">,
  extra: (task: TaskInfo) => string = () => "",
): readonly Fold[] {
  const groups = new Map<string, { tasks: [TaskInfo, ...TaskInfo[]] }>();
  for (const task of tasks) {
    const key = `${keyOf(task)}\n${extra(task)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { tasks: [task] });
    else group.tasks.push(task);
  }
  return [...groups.values()];
}

/** Everything that is told of a task, but what is its own: its id, numbers in its name, and times. */
function keyOf(task: TaskInfo): string {
  const { name, state, daemon, aborted, parent, waits, holds } = task;
  const parts = [
    name?.replace(/\d+/g, "#"),
    state,
    daemon,
    aborted,
    parent?.kind,
    parent?.task?.id,
    placeOf(task.site),
  ];
  for (const wait of waits) parts.push(keyOfWait(wait));
  for (const { description, waits } of holds) parts.push(description, waits.length);
  return parts.join("\n");
}

export function keyOfWait({ operation, alternatives, site }: WaitInfo): string {
  const holders = alternatives.map((each) => each.holders?.map(({ label }) => label).join() ?? "-");
  return `${operation}\n${holders.join(";")}\n${placeOf(site)}`;
}
