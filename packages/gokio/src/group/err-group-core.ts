/**
 * What an ErrGroup does with its tasks.
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
import { Registration } from "../kernel/abortable.ts";
import { Cancellation, type CancelSource } from "../kernel/cancel-source.ts";
import { FAILED, UNWINDING } from "../kernel/coroutine-flags.ts";
import { currentRegion, type Surroundings } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { unlinked, type Waiter } from "../kernel/waiter.ts";
import type { AnyBody } from "../task/body.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskGroup, TaskOptions, TaskRecord } from "../task/task.ts";
import { Gate, type Gated } from "./gate.ts";
import { childOptions } from "./scope-region.ts";

export class ErrGroupCore extends CancelNode implements TaskGroup {
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

export class Spawn extends Operation<void> {
  readonly #core: ErrGroupCore;
  readonly #within: Surroundings;
  readonly #body: AnyBody;
  readonly #options: TaskOptions | undefined;

  constructor(core: ErrGroupCore, within: Surroundings, body: AnyBody, options: TaskOptions | undefined) {
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
  protected readonly core: ErrGroupCore;

  constructor(core: ErrGroupCore) {
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
