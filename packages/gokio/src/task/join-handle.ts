/**
 * The handle of a task: how to wait for it, end it, and ask how it went.
 *
 * @module
 */

import { MisuseError, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { JOINED } from "../kernel/coroutine-flags.ts";
import { currentRegion, running } from "../kernel/current.ts";
import { asyncDispose } from "../kernel/dispose.ts";
import { type OnRejected, Operation } from "../kernel/operation.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import { FreeRegion } from "../kernel/region.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { settle, type Waiter } from "../kernel/waiter.ts";
import type { Joining, Settled, TaskRecord } from "./task.ts";

/**
 * A running task, seen from outside. Await it for its value; dropping it detaches the task, and changes nothing else.
 *
 * @example
 * ```ts
 * const handle = spawn(async () => 6 * 7);
 * console.log(await handle); // 42
 * ```
 */
export class JoinHandle<T> implements PromiseLike<Awaited<T>>, AsyncDisposable {
  readonly #task: TaskRecord;

  /** @internal */
  constructor(task: TaskRecord) {
    this.#task = task;
  }

  /** @internal */
  static taskOf(handle: JoinHandle<unknown>): TaskRecord {
    if (!(handle instanceof JoinHandle)) throw wrongType("handle", "a JoinHandle", handle);
    return handle.#task;
  }

  /** A number no other task of the process has. */
  get id(): number {
    return this.#task.id;
  }

  /** What the task was named in its options. */
  get name(): string | undefined {
    return this.#task.name;
  }

  /** Whether the task has ended, in whichever way. */
  get finished(): boolean {
    return this.#task.finished;
  }

  /**
   * Asks the task to end: its waits fail, its cleanup runs, and joining it throws `JoinAbortedError`. It does not wait for that;
   * `settled()` does. `false` if the task has ended, or was asked before.
   */
  abort(reason?: unknown): boolean {
    return this.#task.abort(reason);
  }

  /**
   * Waits for the task's end and says how it was; never throws for it.
   *
   * Cancel-safe: the task goes on, and can be asked again.
   */
  settled(options?: WaitOptions): Promise<Settled<T>> {
    return start(settled(this), options);
  }

  then<A = Awaited<T>, B = never>(
    fulfilled?: ((value: Awaited<T>) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    return start(join(this)).then(fulfilled, rejected);
  }

  /**
   * Aborts the task and waits until its cleanup is through.
   *
   * Cancel-safe: the wait is shielded, for it is cleanup itself.
   */
  async [asyncDispose](): Promise<void> {
    this.abort("disposed");
    const region = currentRegion();
    const { scheduler, task } = region;
    await startIn(task === undefined ? scheduler.root : new FreeRegion(scheduler, region), settled(this));
  }
}

/**
 * Waits for the value of a task, as an operation.
 *
 * Cancel-safe: the task goes on, and can be joined again.
 *
 * @example
 * ```ts
 * const half = spawn(async () => 21);
 * const whole = spawn(function* () {
 *   return 2 * (yield* join(half));
 * });
 * console.log(await whole); // 42
 * ```
 *
 * @throws what the task failed with; {@link JoinAbortedError} if it was aborted.
 */
export function join<T>(handle: JoinHandle<T>, options?: WaitOptions): Operation<T> {
  return withOptions(new Join<T>(JoinHandle.taskOf(handle), true), options);
}

/**
 * Waits for the end of a task, as an operation; the result says how it was. Never throws for it.
 *
 * Cancel-safe: the task goes on, and can be asked again.
 *
 * @example
 * ```ts
 * const handle = spawn(async () => sleep(60_000));
 * handle.abort("enough");
 * console.log(await settled(handle)); // { status: 'aborted', reason: 'enough' }
 * ```
 */
export function settled<T>(handle: JoinHandle<T>, options?: WaitOptions): Operation<Settled<T>> {
  return withOptions(new Join<Settled<T>>(JoinHandle.taskOf(handle), false), options);
}

/** Waits for the end of a task, and gives its value, or how it was. */
class Join<T> extends Operation<T> implements Joining {
  readonly #task: TaskRecord;
  readonly #wantsValue: boolean;

  constructor(task: TaskRecord, wantsValue: boolean) {
    super();
    this.#task = task;
    this.#wantsValue = wantsValue;
  }

  override try(): T | Pending {
    const task = this.#task;
    // Async code may well ask to be told of its own end later; what it awaits the value for is nothing.
    const self = running ?? (this.#wantsValue ? currentRegion().task : undefined);
    if (self === task) throw new MisuseError(`${task.label} joins itself`);
    return task.finished ? this.#result() : PENDING;
  }

  override link(waiter: Waiter<T>): void {
    this.#task.addJoiner(waiter as Waiter<never>, this);
  }

  override unlink(waiter: Waiter<T>): void {
    this.#task.removeJoiner(waiter as Waiter<never>);
  }

  deliver(waiter: Waiter<T>): void {
    settle(waiter, () => this.#result());
  }

  /** Whoever gets the outcome has been told: a failure is theirs to handle. One that waited, and left before the end, has not. */
  #result(): T {
    const task = this.#task;
    task.flags |= JOINED;
    return (this.#wantsValue ? task.value : task.settled) as T;
  }

  override describe(): string {
    return `join of ${this.#task.label}`;
  }
}
