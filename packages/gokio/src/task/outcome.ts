/**
 * What a task's outcome is, when its body has ended one way and its abort, its cleanup or what it was to dispose says another.
 *
 * 1. An abort that reached the task decides, whatever the body returned or threw in consequence.
 * 2. Cleanup that throws fails the task all the same, with the abort as the cause, or beside what failed the body.
 *
 * @module
 */

import type { Cancellation } from "../kernel/cancel-source.ts";
import { FAILED, UNWINDING } from "../kernel/coroutine-flags.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Extra, TaskRecord } from "./task.ts";

/** Does what is done before the task has ended; `false` if that is under way. */
export function finish(task: TaskRecord, extra: Extra): boolean {
  if (extra.deferred?.isThrough(task) === false) return false;
  for (const each of extra.moved) {
    try {
      each[dispose]();
    } catch (error) {
      task.cleanupFailed(error);
    }
  }
  const isAborted = (task.flags & UNWINDING) !== 0;
  if (isAborted || extra.cleanupErrors.length !== 0) settle(task, extra, isAborted);
  return true;
}

/** Puts together what the body threw and what cleanup threw, each in its place. */
function settle(task: TaskRecord, { abortedBy, cleanupErrors: errors }: Extra, isAborted: boolean): void {
  if ((task.flags & FAILED) !== 0 && !(isAborted && tells(task.slot, abortedBy))) {
    // An aborted body ends after what is inside it, any other before it is cleaned up after.
    if (isAborted) errors.push(task.slot);
    else errors.unshift(task.slot);
  }
  task.flags &= ~FAILED;
  task.slot = undefined;
  if (errors.length === 0) return;
  task.flags |= FAILED;
  task.slot = errors.length === 1 ? errors[0] : new AggregateError(errors, "several failures");
  // Not an assignment: an error may be frozen.
  if (isAborted && task.slot instanceof Error && task.slot.cause === undefined)
    Reflect.set(task.slot, "cause", abortedBy?.error);
}

/** Whether `error` is what a wait throws for `abort`, or the platform's error that was made of it. What cleanup threw has it as its cause, too. */
export function tells(error: unknown, abort: Cancellation | undefined): boolean {
  if (abort === undefined || error === abort.error) return abort !== undefined;
  const { name, cause } = Object(error) as Error;
  return name === "AbortError" && cause === abort.error;
}
