/**
 * What an ErrGroup does with its tasks.
 *
 * # Algorithm
 *
 * A spawn that finds no room queues with its body, and the end of a task starts the first body in the queue before its spawner is woken:
 * room never goes to someone who came later. The group is a node of the cancel tree under the region it was made in, and also watches
 * its `signal`; a failure cancels the node. A task that is started after that is aborted before it begins: it only disposes what was moved
 * into it, and lets `wait` tell that something was cut short.
 *
 *     region ──▶ group ──▶ task, task, task
 *     signal ──────┘  └──▶ the node of its AbortSignal, cancelled when `wait` has ended, too
 *
 * 1. At most `limit` tasks run; one that is cleaning up still counts.
 * 2. Spawns are queued only while there is no room and the group is not cancelled.
 * 3. The node is a member of its region, and of its signal, only while tasks live, spawns are queued, or somebody holds its AbortSignal.
 *
 * What Go does without: later failures are dropped there, and kept in `errors` here.
 *
 * @module
 */

import { signalOf } from "../cancel/abort-signal.ts";
import { CancelNode } from "../cancel/node.ts";
import { MisuseError } from "../errors.ts";
import { Registration } from "../kernel/abortable.ts";
import { Cancellation, type CancelSource } from "../kernel/cancel-source.ts";
import { FAILED, UNWINDING } from "../kernel/coroutine-flags.ts";
import { currentRegion, type Surroundings } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import type { Enter } from "../kernel/platform.ts";
import { inStep } from "../kernel/settling.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { unlinked, type Waiter } from "../kernel/waiter.ts";
import type { Spawned } from "../task/body.ts";
import { contextsFor } from "../task/inherit.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskGroup, TaskOptions, TaskRecord } from "../task/task.ts";
import { Gate, Idle } from "./gate.ts";
import { liveTasks } from "./live.ts";
import { childOptions } from "./scope-region.ts";

export class ErrGroupCore extends CancelNode implements TaskGroup {
  readonly #region = currentRegion();
  readonly #source: CancelSource | undefined;
  readonly #registration = new Registration((cancellation) => void this.cancelWith(cancellation));
  readonly queue = new WaitList<void>();
  readonly failures = new Set<unknown>();
  readonly gate = new Gate(new Outcome(this));
  readonly idle = new Gate(new Idle(this, "an ErrGroup"));
  limit: number;
  live = 0;
  /** Whether something did not get to its end because the group was cancelled. */
  cutShort = false;
  /** What the AbortSignal aborts with. */
  #handedOut: CancelNode | undefined = undefined;

  constructor(limit: number, source: CancelSource | undefined) {
    super();
    this.limit = limit;
    this.#source = source;
  }

  get hasRoom(): boolean {
    return this.queue.head === undefined && this.live < this.limit;
  }

  start(within: Surroundings, body: Spawned, options: TaskOptions | undefined): void {
    spawnIn(within, body, childOptions(this.#region, options), this, this);
    this.live++;
    this.attach();
    // The work goes on after a `wait` that ended it.
    if (this.cancellation === undefined && this.#handedOut?.cancellation !== undefined) this.#handedOut = undefined;
  }

  ended(task: TaskRecord): void {
    this.live--;
    if ((task.flags & FAILED) !== 0) {
      this.failures.add(task.slot);
      this.cancelWith(new Cancellation(task.slot));
    } else if ((task.flags & UNWINDING) !== 0 && this.cancellation !== undefined) this.cutShort = true;
    this.serve();
    if (this.live === 0) this.#openGates();
  }

  includes(task: TaskRecord): boolean {
    return task.group === this;
  }

  tasks(): TaskRecord[] | undefined {
    return liveTasks(this.live, (task) => this.includes(task), [this], this.#region.scheduler);
  }

  #openGates(): void {
    // Passing aborts the AbortSignal, whose listeners are to find everybody let through.
    inStep(() => {
      this.idle.open();
      this.gate.open();
    }, this.#region.scheduler);
  }

  /** Starts what is queued, as far as there is room, or all of it in a cancelled group. */
  serve(): void {
    for (let head = this.queue.head; head !== undefined; head = this.queue.head) {
      if (this.cancellation === undefined && this.live >= this.limit) return;
      this.queue.remove(head);
      begin(head);
    }
    this.rest();
  }

  protected override onCancelled(): void {
    this.#source?.remove(this.#registration);
    const { head } = this.queue;
    // Once everybody has been told: those in the queue may be among the cancelled.
    if (head !== undefined) unlinked(head.op as Operation<unknown>);
  }

  // ── who cancels the group ──

  /** Whether the group is cancelled. At rest nobody tells it, so it looks. */
  isCancelled(): boolean {
    const cancellation = this.#region.cancellation ?? this.#source?.cancellation;
    if (cancellation !== undefined) this.cancelWith(cancellation);
    return this.cancellation !== undefined;
  }

  attach(): void {
    if (this.isCancelled()) return;
    if (this.source === undefined) this.#region.add(this);
    if (this.#registration.source === undefined) this.#source?.add(this.#registration);
  }

  /** Lets go of whoever could cancel it, if that would concern nobody. */
  rest(): void {
    if (this.live > 0 || this.queue.head !== undefined) return;
    if (this.#handedOut !== undefined && this.#handedOut.cancellation === undefined) return;
    this.detach();
    this.#source?.remove(this.#registration);
  }

  signal(): AbortSignal {
    if (this.#handedOut === undefined) {
      this.attach();
      this.#handedOut = new CancelNode(this);
    }
    return signalOf(this.#handedOut);
  }

  /** Somebody has waited for the end, and got it. */
  finish(): void {
    this.#handedOut?.cancelWith(new Cancellation("the group has ended"));
    this.rest();
  }
}

/** Starts the body of a spawn that was taken off the queue, and wakes the spawner. */
function begin(spawner: Waiter<void>): void {
  try {
    (spawner.op as Spawn).begin();
  } catch (error) {
    spawner.fail(error);
    return;
  }
  spawner.wake();
}

export class Spawn extends Operation<void> {
  readonly #core: ErrGroupCore;
  readonly #within: Surroundings;
  /** A generator is gone once it is a task. */
  #body: Spawned | undefined;
  readonly #options: TaskOptions | undefined;
  readonly #enter: Enter;

  constructor(core: ErrGroupCore, within: Surroundings, body: Spawned, options: TaskOptions | undefined) {
    super();
    this.#core = core;
    this.#within = { scheduler: within.scheduler, locals: within.locals };
    this.#body = body;
    this.#options = options;
    this.#enter = contextsFor(options);
  }

  override try(): undefined | Pending {
    if (!this.#core.isCancelled() && !this.#core.hasRoom) return PENDING;
    this.begin();
    return undefined;
  }

  begin(): void {
    const body = this.#body;
    if (body === undefined) throw new MisuseError("a generator can be one task only: give the ErrGroup the function");
    if (typeof body === "object") this.#body = undefined;
    this.#enter(() => this.#core.start(this.#within, body, this.#options));
  }

  override link(waiter: Waiter<void>): void {
    this.#core.queue.push(waiter);
    this.#core.attach();
  }

  override unlink(waiter: Waiter<void>): void {
    this.#core.queue.remove(waiter);
  }

  override unlinked(): void {
    this.#core.serve();
  }

  /** Any of those that run makes room. */
  override holders(): Iterable<TaskRecord> | undefined {
    return this.#core.live < this.#core.limit ? undefined : this.#core.tasks();
  }

  override describe(): string {
    return `spawn in an ErrGroup with ${this.#core.live} of ${this.#core.limit} tasks`;
  }
}

class Outcome extends Idle {
  readonly #core: ErrGroupCore;

  constructor(core: ErrGroupCore) {
    super(core, "an ErrGroup");
    this.#core = core;
  }

  override pass(): void {
    const core = this.#core;
    core.finish();
    for (const error of core.failures) throw error;
    if (core.cutShort && core.cancellation !== undefined) throw core.cancellation.error;
  }
}
