/**
 * What the body of a construct comes to in a generator task.
 *
 * A body may be anything: a generator function, an async function, a plain one that returns a promise, an operation, a block, a task's handle.
 * `call`, `attempt`, `each`, `use`, `defer` and the blocks all run theirs by these two functions, so that each construct takes each body alike.
 *
 * 1. A generator runs on the task's stack, and is unwound with it. What is lazy is driven, and is cancelled where it waits.
 * 2. Async code cannot be unwound: its own waits are cancelled, with the region it was called in, and it is waited for.
 *
 * @module
 */
import type { Coroutine } from "../kernel/coroutine.ts";
import { running } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import type { Parked } from "../kernel/step.ts";
import { isGenerator, isGeneratorFunction, isThenable, type Task } from "./body.ts";
import { watching } from "./foreign.ts";
import { JoinHandle, join } from "./join-handle.ts";
import { TaskRegion } from "./region.ts";

/** Calls `body` in the task that is running; the generator runs what that gave. */
export function runBody<A extends readonly unknown[]>(body: (...args: A) => unknown, ...args: A): Task<unknown> {
  const task = running as Coroutine;
  return drive(task, isGeneratorFunction(body) ? body(...args) : task.callForeign(() => body(...args)));
}

/** The generator that runs `result`, what a body of `task` returned, to its end. */
export function drive(task: Coroutine, result: unknown): Task<unknown> {
  return isGenerator(result) ? result : driven(task, result);
}

function* driven(task: Coroutine, result: unknown): Task<unknown> {
  if (result instanceof JoinHandle) return yield* join(result);
  if (!isThenable(result)) return result;
  return isDrivable(result) ? yield* result : yield* awaiting(task, result);
}

/** Operations, blocks, calls. No promise is iterable; what is there for `yield*` is. */
export function isDrivable(value: object): value is Iterable<Parked, unknown, unknown> {
  return Symbol.iterator in value;
}

function* awaiting(task: Coroutine, promise: PromiseLike<unknown>): Task<unknown> {
  const around = task.currentRegion();
  const { region } = task;
  const ending = task.callForeign(() => watching(promise));
  task.region = TaskRegion.shield(around);
  try {
    return yield* ending;
  } catch (error) {
    task.region = region;
    // It has met the cancellation of what it runs in. A generator does not see that: it is unwound here.
    if (error === around.cancellation?.error) yield* CHECKPOINT;
    throw error;
  } finally {
    task.region = region;
  }
}

/** Ready at once, unless the task has been cancelled. */
class Checkpoint extends Operation<void> {
  override try(): undefined {}
  override link(): void {}
  override unlink(): void {}

  override describe(): string {
    return "the end of a block";
  }
}

/** Where a task that has been cancelled is unwound, though there is nothing to wait for. */
export const CHECKPOINT: Operation<void> = new Checkpoint();
