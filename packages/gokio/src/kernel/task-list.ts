/**
 * The live tasks of a scheduler, linked through the tasks themselves: held strongly, so that collection never ends one, and there to be
 * listed in a dump.
 *
 * @module
 */

import type { MemberList } from "./cancel-source.ts";
import type { Coroutine } from "./coroutine.ts";

/** What a dump and a deadlock report say of a task. */
export interface LiveTask extends Coroutine, MemberList {
  previousTask: LiveTask | undefined;
  nextTask: LiveTask | undefined;
  readonly daemon: boolean;
  /** "task 7", "task 7 (crawler)". */
  readonly label: string;
}

export class TaskList {
  newest: LiveTask | undefined = undefined;
  size = 0;

  add(task: LiveTask): void {
    task.previousTask = this.newest;
    if (this.newest !== undefined) this.newest.nextTask = task;
    this.newest = task;
    this.size++;
  }

  remove(task: LiveTask): void {
    const { previousTask, nextTask } = task;
    if (previousTask !== undefined) previousTask.nextTask = nextTask;
    if (nextTask !== undefined) nextTask.previousTask = previousTask;
    else this.newest = previousTask;
    task.previousTask = task.nextTask = undefined;
    this.size--;
  }
}

/** The tasks of a list, the newest first. */
export function* tasksOf(list: TaskList): Generator<LiveTask, void> {
  for (let task = list.newest; task !== undefined; task = task.previousTask) yield task;
}
