/**
 * ErrGroup: tasks of one undertaking, at most so many at once; the first failure cancels the rest. Go's `errgroup`. How it works is told in
 * `err-group-core.ts`.
 *
 * @module
 */

import { checkCount, checkOptions, MisuseError, wrongType } from "../errors.ts";
import { type Signal, sourceOf, start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { Cancellation } from "../kernel/cancel-source.ts";
import { currentRegion, surroundings } from "../kernel/current.ts";
import { asyncDispose } from "../kernel/dispose.ts";
import type { AnyGenerator } from "../kernel/frame.ts";
import type { Operation } from "../kernel/operation.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import { type Body, checkSpawned, type Spawned } from "../task/body.ts";
import { TaskRegion } from "../task/region.ts";
import type { TaskOptions } from "../task/task.ts";
import { waiting } from "../task/wait.ts";
import { ErrGroupCore, Spawn } from "./err-group-core.ts";

export interface ErrGroupOptions {
  /** How many tasks may live at once; `Infinity` by default, 0 lets nobody in. */
  readonly limit?: number | undefined;
  /** Cancels the group. */
  readonly signal?: Signal | undefined;
}

/**
 * Tasks that work on one thing and stand or fall together.
 *
 * @example
 * ```ts
 * const group = new ErrGroup({ limit: 2 });
 * for (const job of [1, 2, 3, 4]) {
 *   await group.spawn(async () => {
 *     if (job === 3) throw new Error(`job ${job} failed`);
 *   });
 * }
 * console.log(await group.wait().catch((error) => error.message)); // job 3 failed
 * ```
 */
export class ErrGroup implements AsyncDisposable {
  readonly #core: ErrGroupCore;

  /** @throws {RangeError} if `limit` is neither a whole number nor `Infinity`. */
  constructor(options: ErrGroupOptions = {}) {
    const { limit = Number.POSITIVE_INFINITY, signal } = checkOptions(options);
    this.#core = new ErrGroupCore(checkLimit(limit), signal === undefined ? undefined : sourceOf(signal));
  }

  /** @internal */
  get [waiting](): Operation<void> {
    return this.#core.gate;
  }

  /**
   * Starts a task, waiting until there is room for it. In a group that is cancelled it is aborted before it begins, at once: the body is never run,
   * and what was to be moved into the task is disposed.
   *
   * Cancel-safe: the body of a cancelled call is never started, what was to be moved is still the caller's, and the next one in the queue takes
   * its place.
   *
   * @throws {TypeError} at the call, if `body` is not a function.
   */
  spawn<R>(body: AnyGenerator | Body<R>, options?: TaskOptions & WaitOptions): Promise<void> {
    return start(ErrGroup.spawning(this, body, options), options);
  }

  /** @internal */
  static spawning(group: ErrGroup, body: Spawned, options: TaskOptions | undefined): Operation<void> {
    if (!(group instanceof ErrGroup)) throw wrongType("group", "an ErrGroup", group);
    return new Spawn(group.#core, surroundings(), checkSpawned(body), options);
  }

  /**
   * Starts a task if there is room for it, nobody else is waiting for room, and the group is not cancelled. Says whether it did.
   *
   * @throws {TypeError} if `body` is not a function.
   */
  trySpawn<R>(body: AnyGenerator | Body<R>, options?: TaskOptions): boolean {
    checkSpawned(body);
    if (this.#core.isCancelled() || !this.#core.hasRoom) return false;
    this.#core.start(surroundings(), body, options);
    return true;
  }

  /**
   * Waits until every task has ended.
   *
   * Cancel-safe: the tasks go on, and can be waited for again.
   *
   * @throws what failed first; `CancelledError` if the group was cancelled before all was done.
   */
  wait(options?: WaitOptions): Promise<void> {
    return start(this.#core.gate, options);
  }

  /** Cancels the group: its tasks are aborted, and nothing more is started. `false` if it was cancelled before. */
  cancel(reason?: unknown): boolean {
    return this.#core.cancelWith(new Cancellation(reason));
  }

  /** Every failure so far, the first one first. */
  get errors(): readonly unknown[] {
    return [...this.#core.failures];
  }

  /** How many tasks have not ended. */
  get size(): number {
    return this.#core.live;
  }

  /**
   * Aborts when the group is cancelled, and when a {@link wait} for it has ended, as Go's context does: for code that takes an AbortSignal. A group that
   * is used again after that has another one.
   */
  get signal(): AbortSignal {
    return this.#core.signal();
  }

  /**
   * Changes how many tasks may live at once; `Infinity` is no limit, 0 lets nobody in.
   *
   * @throws {MisuseError} while tasks live.
   * @throws {RangeError} if it is neither a whole number nor `Infinity`.
   */
  setLimit(limit: number): void {
    checkLimit(limit);
    const { live } = this.#core;
    if (live > 0) throw new MisuseError(`the limit cannot be changed while ${live} tasks of the group live`);
    this.#core.limit = limit;
    this.#core.serve();
  }

  /**
   * Cancels the group and waits until all cleanup is through.
   *
   * Cancel-safe: it waits even in a task that is being cancelled.
   */
  async [asyncDispose](): Promise<void> {
    this.cancel("the group was disposed");
    await startIn(TaskRegion.shield(currentRegion()), this.#core.idle);
  }
}

/**
 * What {@link ErrGroup.spawn} does, as an operation.
 *
 * Cancel-safe: the body of a cancelled one is never started.
 *
 * @example
 * ```ts
 * await spawn(function* () {
 *   const group = new ErrGroup({ limit: 1 });
 *   for (const job of ["build", "test"]) {
 *     yield* spawnInto(group, function* () {
 *       yield* sleep(1);
 *       console.log(job); // build test
 *     });
 *   }
 *   yield* wait(group);
 * });
 * ```
 *
 * @throws {TypeError} at the call, if `group` is not an ErrGroup, or `body` not a function.
 */
export function spawnInto<R>(
  group: ErrGroup,
  body: AnyGenerator | Body<R>,
  options?: TaskOptions & WaitOptions,
): Operation<void> {
  return withOptions(ErrGroup.spawning(group, body, options), options);
}

function checkLimit(limit: number): number {
  return limit === Number.POSITIVE_INFINITY ? limit : checkCount("limit", limit);
}
