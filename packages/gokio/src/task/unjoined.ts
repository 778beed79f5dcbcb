/**
 * Failures that nobody asked for: reported once, never lost.
 *
 * A task that failed is looked at again in the turn after the run queue ran dry. If nobody has joined it by then, the hooks of
 * {@link onTaskError} get it; if none of them handles it, its error becomes an unhandled rejection, as a promise's would.
 *
 * @module
 */

import { platform } from "#platform";
import { checkFunction } from "../errors.ts";
import { JOINED } from "../kernel/coroutine-flags.ts";
import { dispose } from "../kernel/dispose.ts";
import type { TaskRecord } from "./task.ts";

/** What a hook is told of the task that failed. */
export interface FailedTask {
  /** A number no other task of the process has. */
  readonly id: number;
  /** What the task was named in its options. */
  readonly name: string | undefined;
}

/** Returns `true` if it has dealt with the error, which is then not reported further. */
export type TaskErrorHook = (error: unknown, task: FailedTask) => boolean | undefined | void;

const hooks = new Set<TaskErrorHook>();
/** Set with the first hook, so that a program without hooks does not load what asks them. */
let isHandled: typeof askHooks | undefined;

/**
 * Calls `hook` with each failure of a task that nobody joined. Dispose the result to stop.
 *
 * @example
 * ```ts
 * using _ = onTaskError((error, task) => {
 *   console.error(`task ${task.name ?? task.id} failed`, error);
 *   return true;
 * });
 * ```
 */
export function onTaskError(hook: TaskErrorHook): Disposable {
  checkFunction("hook", hook);
  hooks.add(hook);
  isHandled = askHooks;
  return { [dispose]: () => void hooks.delete(hook) };
}

export function reportUnjoined(task: TaskRecord): void {
  const { scheduler } = task;
  // A turn later: `await spawn(…)` joins in a microtask, which may be behind the drain that ran the whole task.
  const look = (): void => {
    if (!scheduler.isIdle) scheduler.host.macrotask(look);
    else if ((task.flags & JOINED) === 0) {
      task.flags |= JOINED;
      reportError(task.slot, task);
    }
  };
  scheduler.host.macrotask(look);
}

/** Reports a failure that no task of the user's can be asked for. */
export function reportError(error: unknown, task: FailedTask): void {
  // Whoever happens to find the failure shows in no hook.
  platform.isolated(() => {
    if (isHandled?.(error, task) !== true) void Promise.reject(error);
  });
}

function askHooks(error: unknown, { id, name }: FailedTask): boolean {
  for (const hook of hooks) {
    try {
      if (hook(error, { id, name }) === true) return true;
    } catch (broken) {
      // A failure of its own, and no excuse for the other.
      void Promise.reject(broken);
    }
  }
  return false;
}
