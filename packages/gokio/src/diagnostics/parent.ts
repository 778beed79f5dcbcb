/**
 * What a task ends with: the scope, the group or the task that it is a child of.
 *
 * @module
 */

import { Counter } from "../group/counter.ts";
import { ErrGroupCore } from "../group/err-group-core.ts";
import { Cohort } from "../group/join-set-core.ts";
import { ScopeRegion } from "../group/scope-region.ts";
import type { CancelSource, Member } from "../kernel/cancel-source.ts";
import { Crew } from "../stream/ops/crew.ts";
import { StreamRun } from "../stream/run.ts";
import { TaskRecord } from "../task/task.ts";

export interface ParentInfo {
  /** "a scope", "a JoinSet", "a task". */
  readonly kind: string;
  /** The task it is in; `undefined` outside of tasks. */
  readonly task: TaskRecord | undefined;
}

/** `undefined` if `task` is detached. */
export function parentOf({ source, group }: TaskRecord): ParentInfo | undefined {
  const kind = group === undefined ? undefined : kindOf(group);
  if (kind === undefined && source === undefined) return undefined;
  const task = taskAround(source);
  return { kind: kind ?? (source === task ? "a task" : "a block"), task };
}

function kindOf(group: object): string {
  if (group instanceof ScopeRegion) return "a scope";
  if (group instanceof Cohort) return "a JoinSet";
  if (group instanceof ErrGroupCore) return "an ErrGroup";
  if (group instanceof Counter) return group.what;
  if (group instanceof Crew || group instanceof StreamRun) return "a stream";
  return "a group";
}

/** The task that `source`, or what cancels it, is a part of. */
function taskAround(source: CancelSource | undefined): TaskRecord | undefined {
  for (let each = source; each !== undefined; each = (each as Partial<Member>).source) {
    const { task } = each as { task?: unknown };
    if (task instanceof TaskRecord) return task;
  }
  return undefined;
}
