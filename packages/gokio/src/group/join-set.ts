/**
 * JoinSet: tasks that are joined as they end, in the order they end. How it works is told in `join-set-core.ts`.
 *
 * @module
 */

import { nexting, receiving, type Source } from "../chan/ends.ts";
import { wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { Cancellation } from "../kernel/cancel-source.ts";
import { currentRegion } from "../kernel/current.ts";
import { asyncDispose } from "../kernel/dispose.ts";
import type { AnyGenerator } from "../kernel/frame.ts";
import type { Operation } from "../kernel/operation.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import { PENDING } from "../kernel/step.ts";
import type { Body, Outcome, Spawned, Task } from "../task/body.ts";
import type { JoinHandle } from "../task/join-handle.ts";
import { TaskRegion } from "../task/region.ts";
import type { Settled, TaskOptions } from "../task/task.ts";
import { type EndedTask, JoinNext, JoinSetCore, NextSettled, NextWithTask, RecvSettled } from "./join-set-core.ts";

const joining: unique symbol = Symbol("gokio.joining");
const joiningAll: unique symbol = Symbol("gokio.joiningAll");
const identifying: unique symbol = Symbol("gokio.identifying");

/** What may be spawned in a set of `T`. */
export type BodyResult<T> = T | PromiseLike<T> | Task<T>;

/**
 * Tasks of one kind, whose outcomes are taken as they come. They are cancelled with the task that made the set; disposing the set aborts them
 * and waits.
 *
 * @example
 * ```ts
 * await using set = new JoinSet<number>();
 * for (const ms of [300, 1, 100]) {
 *   set.spawn(async () => {
 *     await sleep(ms);
 *     return ms;
 *   });
 * }
 * for await (const outcome of set) if (outcome.status === "ok") console.log(outcome.value); // 1 100 300
 * ```
 */
export class JoinSet<T = unknown> implements Source<Settled<T>>, AsyncIterable<Settled<T>>, AsyncDisposable {
  readonly #core = new JoinSetCore();
  /** @internal */
  readonly [nexting]: Operation<IteratorResult<Settled<T>, undefined>> = new NextSettled<T>(this.#core);
  /** @internal */
  readonly [receiving]: Operation<Settled<T>> = new RecvSettled<T>(this.#core);
  /** @internal */
  readonly [joining]: Operation<IteratorResult<T, undefined>> = new JoinNext<T>(this.#core);
  /** @internal */
  readonly [identifying]: Operation<IteratorResult<EndedTask<T>, undefined>> = new NextWithTask<T>(this.#core);
  /** @internal */
  readonly [joiningAll]: Operation<T[]> = this.#core.all as Operation<T[]>;

  /** How many tasks have been spawned whose outcomes were not taken. */
  get size(): number {
    return this.#core.size;
  }

  /**
   * Starts a task in the set.
   *
   * @throws {TypeError} if `body` is not a function.
   */
  spawn<G extends AnyGenerator<T>>(body: G, options?: TaskOptions): JoinHandle<Outcome<G>>;
  spawn<R extends BodyResult<T>>(body: Body<R>, options?: TaskOptions): JoinHandle<Outcome<R>>;
  spawn(body: Spawned, options?: TaskOptions): JoinHandle<unknown> {
    return this.#core.spawn(body, options);
  }

  /**
   * Waits for the next task to end, and takes its outcome; `{ done: true }` if the set is empty. Never throws for a task.
   *
   * Cancel-safe: a cancelled call has taken nothing.
   */
  next(options?: WaitOptions): Promise<IteratorResult<Settled<T>, undefined>> {
    return start(this[nexting], options);
  }

  /**
   * What {@link next} would give now; `undefined` if it would have to wait.
   *
   * @example
   * ```ts
   * const set = new JoinSet<string>();
   * set.spawn(async () => "done");
   * console.log(set.tryNext()); // undefined
   * await yieldNow();
   * console.log(set.tryNext()); // { done: false, value: { status: 'ok', value: 'done' } }
   * console.log(set.tryNext()); // { done: true, value: undefined }
   * ```
   */
  tryNext(): IteratorResult<Settled<T>, undefined> | undefined {
    const result = this[nexting].try();
    return result === PENDING ? undefined : result;
  }

  /**
   * What {@link next} does, and says which task it was: by the `id` of its handle, and by its name.
   *
   * Cancel-safe: a cancelled call has taken nothing.
   */
  nextWithTask(options?: WaitOptions): Promise<IteratorResult<EndedTask<T>, undefined>> {
    return start(this[identifying], options);
  }

  /**
   * Waits for the next task to end, and takes its value; `{ done: true }` if the set is empty.
   *
   * Cancel-safe: a cancelled call has taken nothing.
   *
   * @throws what the task failed with; {@link JoinAbortedError} if it was aborted. The other tasks go on.
   */
  joinNext(options?: WaitOptions): Promise<IteratorResult<T, undefined>> {
    return start(this[joining], options);
  }

  /**
   * Waits until all tasks have ended, and takes their values, in the order they ended.
   *
   * Cancel-safe: a cancelled call has taken nothing.
   *
   * @throws what a task failed with, {@link JoinAbortedError} if it was aborted, an `AggregateError` for several; then no values are left.
   */
  joinAll(options?: WaitOptions): Promise<T[]> {
    return start(this[joiningAll], options);
  }

  /** Aborts every task of the set. Their outcomes are still to be taken. Tasks spawned later are not concerned. */
  abortAll(reason?: unknown): void {
    this.#core.abortAll(new Cancellation(reason));
  }

  /** Lets every task go: it runs on by itself, its failure is reported unless somebody joins its handle, and the set is empty. */
  detachAll(): void {
    this.#core.detachAll();
  }

  /**
   * Takes outcomes until the set is empty. Leaving the loop early leaves the rest as it is.
   *
   * Cancel-safe: as {@link next}.
   */
  [Symbol.asyncIterator](): AsyncIterator<Settled<T>, undefined> {
    return { next: () => this.next() };
  }

  /**
   * Aborts every task and waits until their cleanup is through. Failures nobody took are reported.
   *
   * Cancel-safe: it waits even in a task that is being cancelled.
   */
  async [asyncDispose](): Promise<void> {
    this.abortAll("the set was disposed");
    await startIn(TaskRegion.shield(currentRegion()), this.#core.idle);
    this.#core.detachAll();
  }
}

/**
 * What {@link JoinSet.nextWithTask} does, as an operation.
 *
 * Cancel-safe: a cancelled wait has taken nothing.
 *
 * @example
 * ```ts
 * await spawn(function* () {
 *   const set = new JoinSet<string>();
 *   set.spawn(async () => "page", { name: "index.html" });
 *   const { value: ended } = yield* nextWithTask(set);
 *   console.log(ended?.name, ended?.outcome); // index.html { status: 'ok', value: 'page' }
 * });
 * ```
 *
 * @throws {TypeError} at the call, if `set` is not a JoinSet.
 */
export function nextWithTask<T>(
  set: JoinSet<T>,
  options?: WaitOptions,
): Operation<IteratorResult<EndedTask<T>, undefined>> {
  return withOptions(checkSet(set)[identifying], options);
}

/**
 * What {@link JoinSet.joinNext} does, as an operation.
 *
 * Cancel-safe: a cancelled wait has taken nothing.
 *
 * @example
 * ```ts
 * await using set = new JoinSet<string>();
 * set.spawn(async () => "done");
 * const first = await select({ joined: joinNext(set), late: sleep(1000) });
 * if (first.key === "joined") console.log(first.value); // { done: false, value: 'done' }
 * ```
 *
 * @throws {TypeError} at the call, if `set` is not a JoinSet.
 */
export function joinNext<T>(set: JoinSet<T>, options?: WaitOptions): Operation<IteratorResult<T, undefined>> {
  return withOptions(checkSet(set)[joining], options);
}

/**
 * What {@link JoinSet.joinAll} does, as an operation.
 *
 * Cancel-safe: a cancelled wait has taken nothing.
 *
 * @example
 * ```ts
 * await spawn(function* () {
 *   const set = new JoinSet<number>();
 *   for (const n of [1, 2, 3]) set.spawn(async () => n * n);
 *   console.log(yield* joinAll(set)); // [ 1, 4, 9 ]
 * });
 * ```
 *
 * @throws {TypeError} at the call, if `set` is not a JoinSet.
 */
export function joinAll<T>(set: JoinSet<T>, options?: WaitOptions): Operation<T[]> {
  return withOptions(checkSet(set)[joiningAll], options);
}

function checkSet<T>(set: JoinSet<T>): JoinSet<T> {
  if (!(set instanceof JoinSet)) throw wrongType("set", "a JoinSet", set);
  return set;
}
