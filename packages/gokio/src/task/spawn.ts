/**
 * Starting tasks.
 *
 * @module
 */
import { checkFunction } from "../errors.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import { type Surroundings, surroundings } from "../kernel/current.ts";
import type { AnyBody, Body, Outcome } from "./body.ts";
import { JoinHandle } from "./join-handle.ts";
import { type TaskGroup, type TaskOptions, TaskRecord } from "./task.ts";

/**
 * Starts a task: `body` is an async function, or a generator function whose waits are written `yield*`. It first runs
 * once the caller has paused, never inside `spawn`.
 *
 * The task is detached: it inherits the caller's task-locals, never its cancellation. For children that end with their parent use a
 * scope, a JoinSet or an ErrGroup. A failure that nobody joins becomes an unhandled rejection.
 *
 * To start very many generator tasks, declare the function once and bind its arguments: `spawn(worker.bind(undefined, rx))`. A generator function that is
 * written inside the loop costs the engine a prototype and a map for each task, more than the task itself.
 *
 * @example
 * ```ts
 * const ch = chan<number>();
 * spawn(function* () {
 *   for (let n = 0; n < 3; n++) yield* send(ch, n);
 *   ch.close();
 * });
 * for await (const n of ch) console.log(n); // 0 1 2
 * ```
 *
 * @throws {TypeError} if `body` is not a function.
 */
export function spawn<R>(body: Body<R>, options?: TaskOptions): JoinHandle<Outcome<R>> {
  return spawnIn(surroundings(), body as AnyBody, options) as JoinHandle<Outcome<R>>;
}

/** Starts a task whose locals and scheduler are those of `within`, a child of `parent` and a member of `group` where given. */
export function spawnIn(
  within: Surroundings,
  body: AnyBody,
  options: TaskOptions | undefined,
  parent?: CancelSource,
  group?: TaskGroup,
): JoinHandle<unknown> {
  checkFunction("body", body);
  return new JoinHandle(new TaskRecord(within.scheduler, body, within.locals, options, parent, group));
}
