/**
 * A value that is made when it is first needed, once.
 *
 * # Algorithm
 *
 * Who asks first becomes the initializer: its function runs, as a task, while the others queue. If that fails or its caller is cancelled, the
 * next in the queue becomes the initializer, with its own function; a success serves everybody. An initializer that was cancelled is waited
 * for, cleanup and all, before the next one starts: two never overlap.
 *
 *     EMPTY ── first asks ──▶ RUNNING ── value ──▶ SET: all are served
 *       ▲                       │  ▲
 *       └──── nobody is left ───┘  └── failed, cancelled: the next in the queue tries
 *
 * 1. `task` is there exactly while RUNNING; somebody is queued only then.
 * 2. `owner`, the waiter whose function runs, is the head of the queue, or has left.
 *
 * @module
 */
import { checkFunction, MisuseError, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { type Surroundings, surroundings } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { wakeAll } from "../kernel/wake-all.ts";
import type { AnyBody, CheckBody, Outcome, Self } from "../task/body.ts";
import { JoinHandle } from "../task/join-handle.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskGroup, TaskRecord } from "../task/task.ts";
import { reportError } from "../task/unjoined.ts";
import { Queued } from "./queued.ts";

/** What makes the value: an async function, a generator function or a plain one. */
export type Initializer<R, T> = ((self: Self) => R) &
  CheckBody<R> &
  ([Outcome<R>] extends [T] ? unknown : "what the function gives is not what is kept here");

/**
 * A cell that is filled once, by whoever comes first.
 *
 * @example
 * ```ts
 * const connection = new OnceCell<string>();
 * let attempts = 0;
 * const connect = async () => `connection ${++attempts}`;
 * console.log(await Promise.all([connection.getOrInit(connect), connection.getOrInit(connect)]));
 * // [ 'connection 1', 'connection 1' ]
 * ```
 */
export class OnceCell<T> {
  readonly #core = new Core<T>();

  /** @internal */
  static core<T>(cell: OnceCell<T>): Core<T> {
    if (!(cell instanceof OnceCell)) throw wrongType("cell", "a OnceCell", cell);
    return cell.#core;
  }

  /**
   * Gives the value, and runs `init` to make it if it is not there and nobody else is at it. `init` runs as a task of its own, with the
   * task-locals of the caller.
   *
   * Cancel-safe: if this caller's `init` is running it is aborted, and the next caller's tried once it has ended.
   *
   * @throws what `init` throws, to its own caller only: the next caller's is tried then.
   */
  getOrInit<R>(init: Initializer<R, T>, options?: WaitOptions): Promise<Awaited<T>> {
    return start(this.#core.getOrInit(init as AnyBody), options);
  }

  /** The value; `undefined` while there is none. */
  get(): T | undefined {
    return this.#core.value;
  }

  /** Fills the cell; `false`, and nothing happens, if it is filled or somebody is making the value. */
  set(value: T): boolean {
    const core = this.#core;
    if (core.isSet || core.task !== undefined) return false;
    core.fill(value);
    return true;
  }

  /** Whether there is a value. */
  get isSet(): boolean {
    return this.#core.isSet;
  }
}

/**
 * Gives the value of a cell, made if need be, as an operation: what {@link OnceCell.getOrInit} does.
 *
 * Cancel-safe: if this caller's `init` is running it is aborted, and the next caller's tried once it has ended.
 *
 * @example
 * ```ts
 * const config = new OnceCell<number>();
 * const task = spawn(function* () {
 *   return yield* getOrInit(config, function* () {
 *     yield* sleep(1);
 *     return 42;
 *   });
 * });
 * console.log(await task, config.get()); // 42 42
 * ```
 *
 * @throws what `init` throws, to its own caller only.
 */
export function getOrInit<T, R>(cell: OnceCell<T>, init: Initializer<R, T>, options?: WaitOptions): Operation<T> {
  return withOptions(OnceCell.core(cell).getOrInit(init as AnyBody), options);
}

class Core<T> implements TaskGroup {
  readonly queue = new WaitList<T>();
  value: T | undefined = undefined;
  isSet = false;
  task: TaskRecord | undefined = undefined;
  owner: Waiter<T> | undefined = undefined;

  getOrInit(init: AnyBody): Operation<T> {
    return new GetOrInit(this, checkFunction("init", init), surroundings());
  }

  fill(value: T): void {
    this.value = value;
    this.isSet = true;
    wakeAll(this.queue, value);
  }

  /** Lets the head of the queue try. */
  begin(): void {
    const head = this.queue.head;
    this.owner = head;
    if (head === undefined) return;
    const { init, within } = head.slot as GetOrInit<T>;
    // It holds the process for whom it runs; of the others, each does so for itself.
    const options = { name: "init of once-cell", daemon: head.daemon };
    this.task = JoinHandle.taskOf(spawnIn(within, init, options, undefined, this));
  }

  /** The initializer has ended. */
  ended(task: TaskRecord): void {
    const { owner } = this;
    this.task = this.owner = undefined;
    const outcome = task.settled;
    if (outcome.status === "ok") {
      this.fill(outcome.value as T);
      return;
    }
    if (owner === undefined) {
      if (outcome.status === "failed") reportError(outcome.error, task);
    } else {
      this.queue.remove(owner);
      owner.fail(failureOf(task));
    }
    this.begin();
  }

  /** Nobody wants what is being made; what is behind waits for its end. */
  abandon(): void {
    if (this.owner === undefined) this.task?.abort("the caller of getOrInit left");
  }
}

/** @internal What joining a task that did not end well throws. */
export function failureOf(task: TaskRecord): unknown {
  try {
    return task.value;
  } catch (error) {
    return error;
  }
}

class GetOrInit<T> extends Queued<T> {
  readonly #core: Core<T>;
  readonly init: AnyBody;
  readonly within: Surroundings;

  constructor(core: Core<T>, init: AnyBody, within: Surroundings) {
    super(core.queue);
    this.#core = core;
    this.init = init;
    this.within = within;
  }

  override try(): T | Pending {
    return this.#core.isSet ? (this.#core.value as T) : PENDING;
  }

  override link(waiter: Waiter<T>): void {
    const core = this.#core;
    if (waiter === (core.task as unknown)) {
      throw new MisuseError("this task makes the value of the once-cell, and would wait for itself");
    }
    super.link(waiter);
    if (core.task === undefined) core.begin();
  }

  override unlink(waiter: Waiter<T>): void {
    const core = this.#core;
    super.unlink(waiter);
    if (core.owner === waiter) core.owner = undefined;
  }

  override unlinked(): void {
    this.#core.abandon();
  }

  override holders(): Iterable<unknown> | undefined {
    const { task } = this.#core;
    return task && [task];
  }

  override describe(): string {
    return "getOrInit on once-cell";
  }
}
