/**
 * ErrGroup: tasks of one undertaking, at most so many at once; the first failure cancels the rest. Go's `errgroup`.
 *
 * # Algorithm
 *
 * A spawn that finds no room queues with its body, and the end of a task starts the first body in the queue before its spawner is woken:
 * room never goes to someone who came later. The group is a node of the cancel tree under the region it was made in, and also watches
 * its `signal`; a failure cancels the node. From then on nothing is started: spawns return at once, and `wait` tells why.
 *
 * 1. At most `limit` tasks live; one that is cleaning up still counts.
 * 2. Spawns are queued only while there is no room and the group is not cancelled.
 * 3. The node is a member of its region, and of its signal, only while tasks live or somebody holds its AbortSignal.
 *
 * What Go does without: later failures are dropped there, and kept in `errors` here.
 *
 * @module
 */
import { signalOf } from "../cancel/abort-signal.ts";
import { CancelNode } from "../cancel/node.ts";
import { checkCount, checkFunction, MisuseError, show } from "../errors.ts";
import { Registration, type Signal, sourceOf, start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { Cancellation, type CancelSource } from "../kernel/cancel-source.ts";
import { FAILED, UNWINDING } from "../kernel/coroutine-flags.ts";
import { currentRegion, type Surroundings, surroundings } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { unlinked, type Waiter } from "../kernel/waiter.ts";
import type { AnyBody, Body } from "../task/body.ts";
import { TaskRegion } from "../task/region.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskGroup, TaskOptions, TaskRecord } from "../task/task.ts";
import { waiting } from "../task/wait.ts";
import { Gate, type Gated } from "./gate.ts";
import { childOptions } from "./scope-region.ts";

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
  readonly #core: Core;

  /** @throws {RangeError} if `limit` is neither a whole number nor `Infinity`. */
  constructor(options: ErrGroupOptions = {}) {
    const source = options.signal === undefined ? undefined : sourceOf(options.signal);
    this.#core = new Core(checkLimit(options.limit ?? Number.POSITIVE_INFINITY), source);
  }

  /** @internal */
  get [waiting](): Operation<void> {
    return this.#core.gate;
  }

  /**
   * Starts a task, waiting until there is room for it. In a group that is cancelled, nothing is started.
   *
   * Cancel-safe: the body of a cancelled call is never started, and the next one in the queue takes its place.
   *
   * @throws {TypeError} at the call, if `body` is not a function.
   */
  spawn<R>(body: Body<R>, options?: TaskOptions & WaitOptions): Promise<void> {
    return start(ErrGroup.spawning(this, body as AnyBody, options), options);
  }

  /** @internal */
  static spawning(group: ErrGroup, body: AnyBody, options: TaskOptions | undefined): Operation<void> {
    if (!(group instanceof ErrGroup)) throw new TypeError(`group must be an ErrGroup, not ${show(group)}`);
    checkFunction("body", body);
    return new Spawn(group.#core, surroundings(), body, options);
  }

  /**
   * Starts a task if there is room for it, and nobody else is waiting for room. Says whether it did.
   *
   * @throws {TypeError} if `body` is not a function.
   */
  trySpawn<R>(body: Body<R>, options?: TaskOptions): boolean {
    checkFunction("body", body);
    this.#core.attach();
    if (this.#core.cancellation !== undefined || !this.#core.hasRoom) return false;
    this.#core.start(surroundings(), body as AnyBody, options);
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
    return this.#core.size;
  }

  /** Aborts when the group is cancelled, for code that takes an AbortSignal. */
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
    const { size } = this.#core;
    if (size > 0) throw new MisuseError(`the limit cannot be changed while ${size} tasks of the group live`);
    this.#core.limit = limit;
    this.#core.serve();
  }

  /** Cancels the group and waits until all cleanup is through, even in a task that is being cancelled. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel("the group was disposed");
    await startIn(TaskRegion.shield(currentRegion()), this.#core.idle);
    this.#core.leave();
  }
}

/**
 * What {@link ErrGroup.spawn} does, as an operation.
 *
 * Cancel-safe: the body of a cancelled one is never started.
 */
export function spawnInto<R>(group: ErrGroup, body: Body<R>, options?: TaskOptions & WaitOptions): Operation<void> {
  return withOptions(ErrGroup.spawning(group, body as AnyBody, options), options);
}

function checkLimit(limit: number): number {
  return limit === Number.POSITIVE_INFINITY ? limit : checkCount("limit", limit);
}

class Core extends CancelNode implements TaskGroup {
  readonly #region = currentRegion();
  readonly #source: CancelSource | undefined;
  readonly #registration = new Registration((cancellation) => void this.cancelWith(cancellation));
  readonly queue = new WaitList<void>();
  readonly failures = new Set<unknown>();
  readonly gate = new Gate(new Outcome(this));
  readonly idle = new Gate(new Idle(this));
  limit: number;
  size = 0;
  /** Whether something did not get to its end because the group was cancelled. */
  cutShort = false;
  #signalled = false;

  constructor(limit: number, source: CancelSource | undefined) {
    super();
    this.limit = limit;
    this.#source = source;
  }

  get hasRoom(): boolean {
    return this.queue.head === undefined && this.size < this.limit;
  }

  start(within: Surroundings, body: AnyBody, options: TaskOptions | undefined): void {
    this.attach();
    spawnIn(within, body, childOptions(this.#region, options), this, this);
    this.size++;
  }

  ended(task: TaskRecord): void {
    this.size--;
    if ((task.flags & FAILED) !== 0) {
      this.failures.add(task.slot);
      this.cancelWith(new Cancellation(task.slot));
    } else if ((task.flags & UNWINDING) !== 0 && this.cancellation !== undefined) this.cutShort = true;
    this.serve();
    if (this.size === 0 && !this.#signalled) this.leave();
    this.idle.open();
    this.gate.open();
  }

  /** Starts what is queued, as far as there is room; in a cancelled group, sends everybody away. */
  serve(): void {
    for (let head = this.queue.head; head !== undefined; head = this.queue.head) {
      if (this.cancellation === undefined && this.size >= this.limit) return;
      this.queue.remove(head);
      (head.op as Spawn).begin();
      head.wake();
    }
  }

  protected override onCancelled(): void {
    const { head } = this.queue;
    // Once everybody has been told: those in the queue may be among the cancelled.
    if (head !== undefined) unlinked(head.op as Operation<unknown>);
  }

  // ── who cancels the group ──

  attach(): void {
    if (this.cancellation !== undefined) return;
    const cancellation = this.#region.cancellation ?? this.#source?.cancellation;
    if (cancellation !== undefined) {
      this.cancelWith(cancellation);
      return;
    }
    if (this.source === undefined) this.#region.add(this);
    if (this.#registration.source === undefined) this.#source?.add(this.#registration);
  }

  leave(): void {
    this.detach();
    this.#source?.remove(this.#registration);
    this.#signalled = false;
  }

  signal(): AbortSignal {
    this.attach();
    this.#signalled = true;
    return signalOf(this);
  }
}

class Spawn extends Operation<void> {
  readonly #core: Core;
  readonly #within: Surroundings;
  readonly #body: AnyBody;
  readonly #options: TaskOptions | undefined;

  constructor(core: Core, within: Surroundings, body: AnyBody, options: TaskOptions | undefined) {
    super();
    this.#core = core;
    this.#within = { scheduler: within.scheduler, locals: within.locals };
    this.#body = body;
    this.#options = options;
  }

  override try(): undefined | Pending {
    this.#core.attach();
    if (this.#core.cancellation === undefined && !this.#core.hasRoom) return PENDING;
    this.begin();
    return undefined;
  }

  begin(): void {
    if (this.#core.cancellation === undefined) this.#core.start(this.#within, this.#body, this.#options);
    else this.#core.cutShort = true;
  }

  override link(waiter: Waiter<void>): void {
    this.#core.queue.push(waiter);
  }

  override unlink(waiter: Waiter<void>): void {
    this.#core.queue.remove(waiter);
  }

  override unlinked(): void {
    this.#core.serve();
  }

  override describe(): string {
    return `spawn in an ErrGroup with ${this.#core.size} of ${this.#core.limit} tasks`;
  }
}

class Idle implements Gated<void> {
  protected readonly core: Core;

  constructor(core: Core) {
    this.core = core;
  }

  get isOpen(): boolean {
    return this.core.size === 0;
  }

  pass(): void {}

  describe(): string {
    return `the end of ${this.core.size} tasks of an ErrGroup`;
  }
}

class Outcome extends Idle {
  override pass(): void {
    const { core } = this;
    core.leave();
    for (const error of core.failures) throw error;
    if (core.cutShort && core.cancellation !== undefined) throw core.cancellation.error;
  }
}
