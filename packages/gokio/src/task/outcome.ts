/**
 * What a task's outcome is, when its body has ended one way and its abort, its cleanup or what it was to dispose says another.
 *
 * 1. An abort that reached the task decides, whatever the body returned or threw in consequence.
 * 2. Cleanup that throws fails the task all the same, with the abort as the cause, or beside what failed the body.
 *
 * @module
 */
import { FAILED, UNWINDING } from "../kernel/coroutine-flags.ts";
import type { Extra, TaskRecord } from "./task.ts";

/** Does what is done before the task has ended; `false` if that is under way. */
export function finish(task: TaskRecord, extra: Extra): boolean {
  if (extra.deferred?.isThrough(task) === false) return false;
  const { move } = extra.options;
  if (move !== undefined) for (const each of Symbol.iterator in move ? move : [move]) dispose(task, each);
  if ((task.flags & UNWINDING) !== 0) settleAbort(task, extra);
  return true;
}

function dispose(task: TaskRecord, resource: Disposable): void {
  try {
    resource[Symbol.dispose]();
  } catch (error) {
    failCleanup(task, error);
  }
}

/** Cleanup threw `error`: it fails the task, and stands beside what failed it before. */
export function failCleanup(task: TaskRecord, error: unknown): void {
  if ((task.flags & UNWINDING) !== 0) {
    task.cleanupFailed(error);
    return;
  }
  const failed = (task.flags & FAILED) !== 0;
  task.slot = failed ? new AggregateError([task.slot, error], "the task failed, and so did its cleanup") : error;
  task.flags |= FAILED;
}

/** An abort that reached the task decides its outcome, unless cleanup threw. */
function settleAbort(task: TaskRecord, { abortedBy, cleanupErrors: errors = [] }: Extra): void {
  if ((task.flags & FAILED) !== 0 && task.slot !== abortedBy?.error) errors.push(task.slot);
  task.flags &= ~FAILED;
  task.slot = undefined;
  if (errors.length === 0) return;
  task.flags |= FAILED;
  const error = errors.length === 1 ? errors[0] : new AggregateError(errors, "several cleanups failed");
  task.slot = withCause(error, abortedBy?.error);
}

function withCause(error: unknown, cause: unknown): unknown {
  if (error instanceof Error) error.cause ??= cause;
  return error;
}
