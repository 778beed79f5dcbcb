/**
 * TaskTracker: counts tasks, and tells when the last has ended after it was closed: for a graceful shutdown.
 *
 * Unlike a JoinSet it keeps no outcomes, so that a server may spawn for ever; unlike a scope it owns nothing, and cancels nothing. A failure
 * is reported as that of any detached task.
 *
 * Invariant: somebody waits only while it is open or something is tracked.
 *
 * @module
 */
import { MisuseError, show } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { FAILED } from "../kernel/coroutine-flags.ts";
import { surroundings } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { Block } from "../task/block.ts";
import { type AnyBody, type Body, isThenable, type Outcome } from "../task/body.ts";
import type { JoinHandle } from "../task/join-handle.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskGroup, TaskOptions, TaskRecord } from "../task/task.ts";
import { reportUnjoined } from "../task/unjoined.ts";
import { waiting } from "../task/wait.ts";
import { Gate, type Gated } from "./gate.ts";

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
  readonly #core = new Core();

  /** @internal */
  get [waiting](): Operation<void> {
    return this.#core.gate;
  }

  /**
   * Starts a detached task and tracks it. A closed tracker does so, too.
   *
   * @throws {TypeError} if `body` is not a function.
   */
  spawn<R>(body: Body<R>, options?: TaskOptions): JoinHandle<Outcome<R>> {
    const handle = spawnIn(surroundings(), body as AnyBody, options, undefined, this.#core);
    this.#core.size++;
    return handle as JoinHandle<Outcome<R>>;
  }

  /**
   * Tracks a promise until it settles. Go on with the one that is returned: a rejection nobody handles shows there.
   *
   * @throws {TypeError} if `work` is no promise. What has not been started cannot be tracked: spawn it.
   */
  track<T>(work: PromiseLike<T>): Promise<T> {
    if (work instanceof Operation || work instanceof Block) {
      throw new MisuseError(`${show(work)} has not been started: spawn a task for it, or await it in one`);
    }
    if (!isThenable(work)) throw new TypeError(`work must be a promise, not ${show(work)}`);
    const token = this.token();
    return Promise.resolve(work).finally(() => token[Symbol.dispose]());
  }

  /** Tracks whatever the caller likes, until it disposes the token. */
  token(): Disposable {
    let core: Core | undefined = this.#core;
    core.size++;
    return {
      [Symbol.dispose]() {
        core?.done();
        core = undefined;
      },
    };
  }

  /** From now on {@link wait} ends when nothing is tracked. `false` if it was closed before. */
  close(): boolean {
    if (this.#core.closed) return false;
    this.#core.closed = true;
    this.#core.gate.open();
    return true;
  }

  /** Undoes {@link close}: for who waits from now on. `false` if it was open. */
  reopen(): boolean {
    const { closed } = this.#core;
    this.#core.closed = false;
    return closed;
  }

  get isClosed(): boolean {
    return this.#core.closed;
  }

  /** How many tasks, promises and tokens are tracked. */
  get size(): number {
    return this.#core.size;
  }

  /**
   * Waits until the tracker is closed and nothing is tracked.
   *
   * Cancel-safe: waiting takes nothing.
   */
  wait(options?: WaitOptions): Promise<void> {
    return start(this.#core.gate, options);
  }
}

class Core implements TaskGroup, Gated<void> {
  readonly gate = new Gate(this);
  closed = false;
  size = 0;

  get isOpen(): boolean {
    return this.closed && this.size === 0;
  }

  pass(): void {}

  ended(task: TaskRecord): void {
    if ((task.flags & FAILED) !== 0) reportUnjoined(task);
    this.done();
  }

  done(): void {
    this.size--;
    this.gate.open();
  }

  describe(): string {
    return `wait on a TaskTracker, ${this.closed ? "closed" : "open"}, with ${this.size} tracked`;
  }
}
