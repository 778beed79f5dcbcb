/**
 * TaskTracker: counts tasks, and tells when the last has ended after it was closed: for a graceful shutdown.
 *
 * Unlike a JoinSet it keeps no outcomes, so that a server may spawn for ever; unlike a scope it owns nothing, and cancels nothing. A failure
 * is reported as that of any detached task.
 *
 * @module
 */

import { platform } from "#platform";
import { MisuseError, show, wrongType } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { currentScheduler } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import type { AnyGenerator } from "../kernel/frame.ts";
import type { Operation } from "../kernel/operation.ts";
import { FreeRegion } from "../kernel/region.ts";
import { type Body, isThenable, type Outcome, type Spawned } from "../task/body.ts";
import { JoinHandle } from "../task/join-handle.ts";
import type { TaskOptions } from "../task/task.ts";
import { waiting } from "../task/wait.ts";
import { Counter } from "./counter.ts";

/**
 * Knows how much is still under way.
 *
 * @example
 * ```ts
 * const tracker = new TaskTracker();
 * for (const ms of [5, 10]) tracker.spawn(async () => sleep(ms));
 * tracker.close();
 * await tracker.wait();
 * console.log(tracker.size); // 0
 * ```
 */
export class TaskTracker {
  readonly #counter = new Counter("a TaskTracker", false, true);

  /** @internal */
  get [waiting](): Operation<void> {
    return this.#counter.gate;
  }

  /**
   * Starts a detached task and tracks it. A closed tracker does so, too.
   *
   * @throws {TypeError} if `body` is not a function.
   */
  spawn<G extends AnyGenerator>(body: G, options?: TaskOptions): JoinHandle<Outcome<G>>;
  spawn<R>(body: Body<R>, options?: TaskOptions): JoinHandle<Outcome<R>>;
  spawn(body: Spawned, options?: TaskOptions): JoinHandle<unknown> {
    return this.#counter.spawn(body, options);
  }

  /**
   * Tracks a promise, or a task by its handle, until it settles, whatever becomes of the caller. Go on with the promise that is returned: a
   * rejection nobody handles shows there.
   *
   * Cancel-safe: the returned promise of a handle rejects when the caller is aborted, as the handle's own; the task goes on, and is tracked.
   *
   * @throws {TypeError} if `work` is no promise.
   * @throws {MisuseError} if it has not been started: spawn a task for it.
   */
  track<T>(work: PromiseLike<T>): Promise<T> {
    if (!isThenable(work)) throw wrongType("work", "a promise", work);
    // What can be yielded, too, is lazy.
    if (Symbol.iterator in work) {
      throw new MisuseError(`${show(work)} has not been started: spawn a task for it, or await it in one`);
    }
    const token = this.token();
    const ended = (): void => token[dispose]();
    const tracked = platform.enter(new FreeRegion(currentScheduler()), () => Promise.resolve(work));
    if (!(work instanceof JoinHandle)) return tracked.finally(ended);
    tracked.then(ended, ended);
    return Promise.resolve(work);
  }

  /** Tracks whatever the caller likes, until it disposes the token. */
  token(): Disposable {
    let counter: Counter | undefined = this.#counter;
    counter.count++;
    return {
      [dispose]() {
        counter?.add(-1);
        counter = undefined;
      },
    };
  }

  /** From now on {@link wait} ends when nothing is tracked. `false` if it was closed before. */
  close(): boolean {
    if (this.#counter.closed) return false;
    this.#counter.closed = true;
    this.#counter.gate.open();
    return true;
  }

  /** Undoes {@link close}: for who waits from now on. `false` if it was open. */
  reopen(): boolean {
    const { closed } = this.#counter;
    this.#counter.closed = false;
    return closed;
  }

  /** Whether it was closed, and not opened again. */
  get isClosed(): boolean {
    return this.#counter.closed;
  }

  /** How many tasks, promises and tokens are tracked. */
  get size(): number {
    return this.#counter.count;
  }

  /**
   * Waits until the tracker is closed and nothing is tracked.
   *
   * Cancel-safe: waiting takes nothing.
   */
  wait(options?: WaitOptions): Promise<void> {
    return start(this.#counter.gate, options);
  }
}
