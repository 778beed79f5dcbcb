/**
 * What a JoinSet does with its tasks.
 *
 * # Algorithm
 *
 * A task that has ended goes to the first who waits, or onto a queue. The tasks started since the last `abortAll` or `detachAll` are a cohort: a
 * node of the cancel tree under the region the set was made in, so that aborting them is cancelling the node, and detaching
 * them is forgetting it.
 *
 *     region ──▶ cohort ──▶ task, task, task ── end ──▶ who waits, else the queue ──▶ next, joinNext, joinAll
 *
 * 1. Somebody waits for the next outcome only while the queue is empty and a task lives.
 * 2. An outcome is taken once: it is handed over before its taker runs, or still in the queue.
 * 3. A cohort is a member of the region only while it has live tasks: a set that is forgotten leaves nothing behind.
 *
 * @module
 */

import { CancelNode } from "../cancel/node.ts";
import { END } from "../chan/ends.ts";
import { ClosedError } from "../errors.ts";
import type { Cancellation } from "../kernel/cancel-source.ts";
import { FAILED } from "../kernel/coroutine-flags.ts";
import { currentRegion, surroundings } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { Ring } from "../kernel/ring.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { settle, type Waiter } from "../kernel/waiter.ts";
import type { Spawned } from "../task/body.ts";
import type { JoinHandle } from "../task/join-handle.ts";
import { spawnIn } from "../task/spawn.ts";
import type { Settled, TaskGroup, TaskOptions, TaskRecord } from "../task/task.ts";
import { reportUnjoined } from "../task/unjoined.ts";
import { failureOf } from "./failures.ts";
import { Gate, Idle } from "./gate.ts";
import { liveTasks } from "./live.ts";
import { childOptions } from "./scope-region.ts";

/** A task of a JoinSet that has ended, and how. */
export interface EndedTask<T> {
  /** That of its handle. */
  readonly id: number;
  /** What the task was named in its options. */
  readonly name: string | undefined;
  /** How it ended. */
  readonly outcome: Settled<T>;
}

export class JoinSetCore {
  readonly region = currentRegion();
  readonly takers = new WaitList();
  readonly outcomes = new Ring<TaskRecord>();
  live = 0;
  readonly idle = new Gate(new Idle(this, "a JoinSet"));
  readonly all = new Gate<unknown>(new All(this));
  readonly #cohorts = new Set<Cohort>();
  #cohort = new Cohort(this);

  get size(): number {
    return this.live + this.outcomes.length;
  }

  spawn(body: Spawned, options: TaskOptions | undefined): JoinHandle<unknown> {
    const { region } = this;
    const cohort = this.#cohort;
    const handle = spawnIn(surroundings(), body, childOptions(region, options), cohort, cohort);
    if (cohort.live++ === 0) this.#enlist(cohort);
    this.live++;
    return handle;
  }

  #enlist(cohort: Cohort): void {
    const { region } = this;
    this.#cohorts.add(cohort);
    if (region.cancellation !== undefined) cohort.cancelWith(region.cancellation);
    else if (cohort.source === undefined) region.add(cohort);
  }

  includes({ group }: TaskRecord): boolean {
    return group instanceof Cohort && group.core === this;
  }

  /** The tasks that live. */
  tasks(): TaskRecord[] | undefined {
    return liveTasks(this.live, (task) => this.includes(task), this.#cohorts, this.region.scheduler);
  }

  dismiss(cohort: Cohort): void {
    cohort.detach();
    this.#cohorts.delete(cohort);
  }

  ended(task: TaskRecord): void {
    this.live--;
    const taker = this.takers.shift();
    if (taker !== undefined) hand(taker, task);
    else this.outcomes.push(task);
    this.#settle();
  }

  /** What is waited for may have become impossible, or all there is. */
  #settle(): void {
    if (this.live !== 0) return;
    for (let taker = this.takers.shift(); taker !== undefined; taker = this.takers.shift()) hand(taker, undefined);
    this.idle.open();
    this.all.open();
  }

  /** The outcome that is next; `undefined` if there will be none. */
  take(): TaskRecord | Pending | undefined {
    if (this.outcomes.length !== 0) return this.outcomes.shift();
    return this.live === 0 ? undefined : PENDING;
  }

  abortAll(cancellation: Cancellation): void {
    const cohorts = [...this.#cohorts];
    this.#cohort = new Cohort(this);
    for (const cohort of cohorts) cohort.cancelWith(cancellation);
  }

  detachAll(): void {
    for (const cohort of this.#cohorts) {
      cohort.detach();
      cohort.core = undefined;
    }
    this.#cohorts.clear();
    this.#cohort = new Cohort(this);
    this.live = 0;
    while (this.outcomes.length !== 0) reportFailure(this.outcomes.shift());
    this.#settle();
  }
}

/** Tasks that are aborted, or let go, together. */
export class Cohort extends CancelNode implements TaskGroup {
  live = 0;
  /** The set, unless it has let them go. */
  core: JoinSetCore | undefined;

  constructor(core: JoinSetCore) {
    super();
    this.core = core;
  }

  ended(task: TaskRecord): void {
    const { core } = this;
    if (--this.live === 0) core?.dismiss(this);
    if (core === undefined) reportFailure(task);
    else core.ended(task);
  }
}

function reportFailure(task: TaskRecord): void {
  if ((task.flags & FAILED) !== 0) reportUnjoined(task);
}

class All extends Idle {
  readonly #core: JoinSetCore;
  readonly wantsValues = true;

  constructor(core: JoinSetCore) {
    super(core, "a JoinSet");
    this.#core = core;
  }

  /** Takes every outcome. */
  override pass(): unknown[] {
    const values: unknown[] = [];
    const failures = new Set<unknown>();
    const { outcomes } = this.#core;
    while (outcomes.length !== 0) {
      try {
        values.push(outcomes.shift().value);
      } catch (error) {
        failures.add(error);
      }
    }
    if (failures.size > 0) throw failureOf("a JoinSet", failures);
    return values;
  }
}

abstract class Taking<R> extends Operation<R> {
  readonly #core: JoinSetCore;

  constructor(core: JoinSetCore) {
    super();
    this.#core = core;
  }

  override try(): R | Pending {
    const task = this.#core.take();
    return task === PENDING ? PENDING : this.result(task);
  }

  override link(waiter: Waiter<R>): void {
    this.#core.takers.push(waiter as Waiter);
  }

  override unlink(waiter: Waiter<R>): void {
    this.#core.takers.remove(waiter as Waiter);
  }

  /** What whoever takes `task` gets; `undefined` is the end. */
  abstract result(task: TaskRecord | undefined): R;

  override holders(): Iterable<TaskRecord> | undefined {
    return this.#core.tasks();
  }

  override describe(): string {
    return `next on a JoinSet of ${this.#core.size}`;
  }
}

/** Hands the outcome of `task` to a taker that was taken off its list. */
function hand(taker: Waiter, task: TaskRecord | undefined): void {
  const taking = taker.op as Taking<unknown>;
  settle(taker, () => taking.result(task));
}

export class NextSettled<T> extends Taking<IteratorResult<Settled<T>, undefined>> {
  override result(task: TaskRecord | undefined): IteratorResult<Settled<T>, undefined> {
    return task === undefined ? END : { done: false, value: task.settled as Settled<T> };
  }
}

export class NextWithTask<T> extends Taking<IteratorResult<EndedTask<T>, undefined>> {
  override result(task: TaskRecord | undefined): IteratorResult<EndedTask<T>, undefined> {
    if (task === undefined) return END;
    return { done: false, value: { id: task.id, name: task.name, outcome: task.settled as Settled<T> } };
  }
}

export class RecvSettled<T> extends Taking<Settled<T>> {
  override result(task: TaskRecord | undefined): Settled<T> {
    if (task === undefined) throw new ClosedError("an empty JoinSet");
    return task.settled as Settled<T>;
  }
}

export class JoinNext<T> extends Taking<IteratorResult<T, undefined>> {
  override result(task: TaskRecord | undefined): IteratorResult<T, undefined> {
    return task === undefined ? END : { done: false, value: task.value as T };
  }
}
