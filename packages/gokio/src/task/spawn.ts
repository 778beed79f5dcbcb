/**
 * Starting tasks.
 *
 * @module
 */
import type { CancelSource } from "../kernel/cancel-source.ts";
import { type Surroundings, surroundings } from "../kernel/current.ts";
import type { AnyGenerator } from "../kernel/frame.ts";
import { type Body, checkSpawned, type Outcome, type Spawned } from "./body.ts";
import { JoinHandle } from "./join-handle.ts";
import { type TaskGroup, type TaskOptions, TaskRecord } from "./task.ts";

/**
 * Starts a task: `body` is an async function, or a generator function whose waits are written `yield*`. It first runs
 * once the caller has paused, never inside `spawn`.
 *
 * The task is detached: it inherits the caller's task-locals, never its cancellation. For children that end with their parent use a
 * scope, a JoinSet or an ErrGroup. A failure that nobody joins becomes an unhandled rejection.
 *
 * A generator function that takes arguments is called with them, as in `go worker(rx)` and `tokio::spawn(worker(rx))`: none of its code runs before
 * the task does. That is also the lightest way to start very many tasks: a generator function that is written inside the loop costs the engine a
 * prototype and a map for each, more than the task itself. Each generator can be one task only.
 *
 * @example
 * ```ts
 * const ch = chan<number>();
 * function* count(to: number): Task<void> {
 *   for (let n = 0; n < to; n++) yield* send(ch, n);
 *   ch.close();
 * }
 * spawn(count(3));
 * const sum = spawn(async () => {
 *   let total = 0;
 *   for await (const n of ch) total += n;
 *   return total;
 * });
 * console.log(await sum); // 3
 * ```
 *
 * @throws {TypeError} if `body` is not a function, nor what a generator function gave.
 */
export function spawn<G extends AnyGenerator>(body: G, options?: TaskOptions): JoinHandle<Outcome<G>>;
export function spawn<R>(body: Body<R>, options?: TaskOptions): JoinHandle<Outcome<R>>;
export function spawn(body: Spawned, options?: TaskOptions): JoinHandle<unknown> {
  return spawnIn(surroundings(), body, options);
}

/** Starts a task whose locals and scheduler are those of `within`, a child of `parent` and a member of `group` where given. */
export function spawnIn(
  within: Surroundings,
  body: Spawned,
  options: TaskOptions | undefined,
  parent?: CancelSource,
  group?: TaskGroup,
): JoinHandle<unknown> {
  return new JoinHandle(new TaskRecord(within.scheduler, checkSpawned(body), within.locals, options, parent, group));
}
