/**
 * Whose code it is that a stream calls.
 *
 * @module
 */
import { running, setRunning } from "../kernel/current.ts";
import type { TaskRecord } from "../task/task.ts";

/**
 * Calls code that may be async, for a stream that is pulled outside of tasks: as `task` up to its first `await`. Beyond that it is code outside of tasks,
 * as what pulls is; to switch ambient context on for its sake would make every promise of the process several times as dear.
 */
export function runAs<R>(task: TaskRecord, foreign: () => R): R {
  const caller = running;
  if (caller === task) return foreign();
  setRunning(task);
  try {
    return foreign();
  } finally {
    setRunning(caller);
  }
}
