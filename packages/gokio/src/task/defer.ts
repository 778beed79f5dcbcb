/**
 * Cleanup that is written where its need arises.
 *
 * @module
 */
import { checkFunction, MisuseError } from "../errors.ts";
import { currentRecord } from "./current.ts";
import { Deferred } from "./deferred.ts";
import { extraOf } from "./task.ts";

/**
 * Runs `cleanup` when the task ends, in whichever way, and before anyone who joins it is told: the last one deferred first. An async or generator
 * function is waited for; abort does not reach it. What it throws fails the task, after all cleanups have run, and so does an `Err` that it
 * ends with.
 *
 * Async code needs a runtime with AsyncLocalStorage, which browsers lack: there it can be called up to the first `await` of a task.
 *
 * @example
 * ```ts
 * const log: string[] = [];
 * await spawn(async () => {
 *   defer(() => log.push("close the file"));
 *   defer(async () => log.push("flush it"));
 *   log.push("write");
 * });
 * console.log(log.join(", ")); // write, flush it, close the file
 * ```
 *
 * @throws {MisuseError} outside of tasks.
 */
export function defer(cleanup: () => unknown): void {
  checkFunction("cleanup", cleanup);
  const task = currentRecord();
  if (task === undefined) throw new MisuseError("defer: there is no task here whose end could be waited for");
  const extra = extraOf(task);
  extra.deferred ??= new Deferred();
  (extra.deferred as Deferred).jobs.push(cleanup);
}
