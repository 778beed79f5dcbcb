/**
 * What is recorded while somebody traces: of each task, and of each wait.
 *
 * It is kept beside the tasks and the waits, not in them, so that those who are not traced don't pay for it; and it goes when they go.
 *
 * @module
 */
import type { DrivenWaiter } from "../kernel/waiter.ts";
import type { TaskRecord } from "../task/task.ts";
import type { Site } from "./sites.ts";

/** What was recorded of a task. */
export interface TaskTrace {
  /** When it was made, on the scheduler's clock. */
  readonly madeAt: number;
  /** Where it was made; `undefined` if that was not sampled. */
  readonly site: Site | undefined;
  /** The task whose code made it; `undefined` outside of tasks. */
  readonly spawner: string | undefined;
  /** How often it ran: was started, or went on after a wait. */
  polls: number;
}

/** What was recorded of a wait. */
export interface WaitTrace {
  /** When it was parked, on the scheduler's clock. */
  readonly parkedAt: number;
  /** Where it was parked; `undefined` if that was not sampled. */
  readonly site: Site | undefined;
}

/** The tasks that were made while somebody traced. */
export const taskTraces = new WeakMap<TaskRecord, TaskTrace>();

/** The last wait of each waiter that was parked while somebody traced. */
export const waitTraces = new WeakMap<DrivenWaiter, WaitTrace>();
