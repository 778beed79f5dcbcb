/**
 * The task: a coroutine with an identity, an outcome, and people who wait for it.
 *
 * One class serves both flavours; which one it is shows at the first poll, when the body is called. A generator becomes the
 * coroutine's; a promise is adopted, and from then on the task only waits for it.
 *
 *              spawn             first poll               body ends
 *     (none) ────────▶ NEW ─────────────────▶ running ─────────────────▶ ENDED: ok | failed | aborted
 *                       │                       │  ▲
 *                       │ abort                 ▼  │ parked, woken, resumed: see coroutine.ts
 *                       └──▶ ENDED: aborted   parked
 *
 * 1. A task is aborted exactly if it was asked to and that reached one of its waits, or it had not started: whatever its cleanup returns.
 *    Cleanup that throws fails it, with the abort as cause.
 * 2. A failure that nobody has asked for by the time the run queue is dry is reported, once; asking later still gets the error.
 * 3. The body is kept in `slot` until the first poll, the outcome from the end on.
 * 4. Everything a task rarely has is in `extra`, so that one without costs little.
 *
 * @module
 */

import { platform } from "#platform";
import { checkOptions, JoinAbortedError, wrongType } from "../errors.ts";
import {
  addMember,
  Cancellation,
  type CancelSource,
  type Member,
  type MemberList,
  removeMember,
  tellMembers,
} from "../kernel/cancel-source.ts";
import { Coroutine } from "../kernel/coroutine.ts";
import { ABORTED, DAEMON, ENDED, FAILED, JOINED, REFUSED, UNWINDING } from "../kernel/coroutine-flags.ts";
import { running, setRunning } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Enter } from "../kernel/platform.ts";
import { FreeRegion, type Locals, type Region } from "../kernel/region.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { inStep } from "../kernel/settling.ts";
import type { LiveTask } from "../kernel/task-list.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { type AnyBody, isGenerator, isGeneratorFunction, isThenable, type Spawned, type Task } from "./body.ts";
import { finish, tells } from "./outcome.ts";
import { TaskSelf } from "./self.ts";
import { reportUnjoined } from "./unjoined.ts";

/** A group is told when a member ends; it counts as having asked for the outcome. */
export interface TaskGroup {
  ended(task: TaskRecord): void;
}

export interface TaskOptions {
  /** Shown in dumps and errors. */
  readonly name?: string | undefined;
  /** Whether the process may end while the task lives. */
  readonly daemon?: boolean | undefined;
  /** Disposed when the task ends, however it does: senders, permits, guards. */
  readonly move?: Disposable | readonly Disposable[] | undefined;
  /** Carries the caller's AsyncLocalStorage contexts along. */
  readonly inherit?: boolean | undefined;
}

/** How a task ended. */
export type Settled<T> =
  | { readonly status: "ok"; readonly value: T }
  | { readonly status: "failed"; readonly error: unknown }
  | { readonly status: "aborted"; readonly reason: unknown };

const NONE: readonly never[] = [];

/** What few tasks have. */
export class Extra {
  readonly name: string | undefined;
  /** Disposed at the end. */
  readonly moved: readonly Disposable[];
  /** Enters the AsyncLocalStorage contexts of the spawner. */
  readonly enter: Enter | undefined;
  readonly locals: Locals | undefined;
  abortedBy: Cancellation | undefined = undefined;
  /** What cleanup threw while the task was unwound, innermost first. */
  readonly cleanupErrors: unknown[] = [];
  deferred: BeforeEnd | undefined = undefined;

  constructor(options: TaskOptions = {}, locals?: Locals) {
    this.name = options.name;
    this.moved = movedBy(options);
    this.enter = options.inherit === true ? platform.snapshot() : undefined;
    this.locals = locals;
  }
}

/** What has to be done when the body has ended, before the task has. */
export interface BeforeEnd {
  /** Whether it is done; if not, it is under way, and {@link TaskRecord.end} will be called again. */
  isThrough(task: TaskRecord): boolean;
}

let lastId = 0;

export class TaskRecord extends Coroutine implements LiveTask, Region, MemberList {
  readonly id = ++lastId;
  previousTask: LiveTask | undefined = undefined;
  nextTask: LiveTask | undefined = undefined;
  /** The members of the region of the whole body, which the task itself is. */
  first: Member | undefined = undefined;
  joiners: WaitList | undefined = undefined;
  extra: Extra | undefined = undefined;
  readonly group: TaskGroup | undefined;

  constructor(
    scheduler: Scheduler,
    body: Spawned,
    locals: Locals | undefined,
    options: TaskOptions | undefined,
    parent: CancelSource | undefined,
    group: TaskGroup | undefined,
  ) {
    super(scheduler);
    this.slot = body;
    this.group = group;
    if (options !== undefined && checkOptions(options).daemon === true) this.flags |= DAEMON;
    // Not for a task that is a daemon, and no more than that.
    const special = options?.name ?? options?.inherit ?? locals ?? options?.move;
    if (special !== undefined) this.extra = new Extra(options, locals);
    scheduler.watch();
    scheduler.tasks.add(this);
    if (parent !== undefined) {
      if (parent.cancellation === undefined) parent.add(this);
      else this.cancelled(parent.cancellation);
    }
    scheduler.enqueue(this);
  }

  get name(): string | undefined {
    return this.extra?.name;
  }

  get label(): string {
    return `task ${this.id}${this.name === undefined ? "" : ` (${this.name})`}`;
  }

  get finished(): boolean {
    return (this.flags & ENDED) !== 0;
  }

  // ── regions ──

  override get locals(): Locals | undefined {
    return this.region === undefined ? this.extra?.locals : this.region.locals;
  }

  override currentRegion(): Region {
    const { region } = this;
    const cleaning = region === undefined ? (this.flags & UNWINDING) !== 0 : region.unwound;
    return cleaning ? new FreeRegion(this.scheduler, region ?? this) : (region ?? this);
  }

  get task(): this {
    return this;
  }

  override get cancellation(): Cancellation | undefined {
    return this.extra?.abortedBy;
  }

  override refused(): void {
    this.flags |= REFUSED;
  }

  /** What waits in a task that has ended is still to be found by whoever lists what is parked. Nothing cancels it any more. */
  add(member: Member): void {
    if (!this.finished) addMember(this, member);
    else if ("scheduler" in member) this.scheduler.root.add(member);
  }

  remove(member: Member): void {
    if (member.source === this) removeMember(this, member);
  }

  // ── abort ──

  /** Asks the task to end. `false` if it has ended, or was asked before. */
  abort(reason?: unknown): boolean {
    if ((this.flags & (ENDED | ABORTED)) !== 0) return false;
    this.source?.remove(this);
    this.cancelled(new Cancellation(reason));
    return true;
  }

  override cancelled(cancellation: Cancellation): void {
    if ((this.flags & (ENDED | ABORTED)) !== 0) return;
    extraOf(this).abortedBy = cancellation;
    this.flags |= ABORTED;
    inStep(() => {
      this.interrupt();
      tellMembers(this, cancellation);
    });
  }

  override cleanupFailed(error: unknown): void {
    extraOf(this).cleanupErrors.push(error);
  }

  // ── life ──

  override begin(): void {
    const body = this.slot as Spawned;
    this.slot = undefined;
    if ((this.flags & ABORTED) !== 0) {
      this.flags |= UNWINDING;
      this.end();
      return;
    }
    try {
      // A generator function runs none of its code when it is called, and needs no ambient region.
      if (typeof body === "object") this.gen = body;
      else if (isGeneratorFunction(body)) this.gen = callBody(this, body) as Task<unknown>;
      else this.callForeign(() => adopt(this, callBody(this, body)));
    } catch (error) {
      endAsync(this, error, true);
    }
  }

  override callForeign<R>(body: () => R): R {
    const enter = this.extra?.enter;
    const region = this.currentRegion();
    const caller = running;
    // On a runtime without ambient context this is all that tells whose code runs, up to its first await.
    setRunning(platform.hasAmbience ? undefined : this);
    try {
      return enter === undefined ? platform.enter(region, body) : enter(() => platform.enter(region, body));
    } finally {
      setRunning(caller);
    }
  }

  override end(): void {
    this.gen = undefined;
    if (this.extra !== undefined && !finish(this, this.extra)) return;
    this.flags |= ENDED;
    this.source?.remove(this);
    this.scheduler.tasks.remove(this);
    for (let { first } = this; first !== undefined; first = this.first) {
      removeMember(this, first);
      this.add(first);
    }
    if (this.joiners !== undefined) tellJoiners(this.joiners);
    this.joiners = undefined;
    if (this.group !== undefined) this.group.ended(this);
    else if ((this.flags & (FAILED | JOINED)) === FAILED) reportUnjoined(this);
  }

  // ── joining ──

  get settled(): Settled<unknown> {
    if ((this.flags & FAILED) !== 0) return { status: "failed", error: this.slot };
    if ((this.flags & UNWINDING) !== 0) return { status: "aborted", reason: this.extra?.abortedBy?.reason };
    return { status: "ok", value: this.slot };
  }

  /** The value of an ended task. @throws what it failed with, or {@link JoinAbortedError}. */
  get value(): unknown {
    if ((this.flags & FAILED) !== 0) throw this.slot;
    if ((this.flags & UNWINDING) !== 0) throw new JoinAbortedError(this.label, this.extra?.abortedBy?.error);
    return this.slot;
  }

  addJoiner(waiter: Waiter<never>, joining: Joining): void {
    waiter.slot = joining;
    this.joiners ??= new WaitList();
    this.joiners.push(waiter as Waiter);
  }

  removeJoiner(waiter: Waiter<never>): void {
    this.joiners?.remove(waiter as Waiter);
  }
}

/** An operation that waits for a task's end. It is found in the `slot` of its waiter, whose `op` may be one that delegates to it. */
export interface Joining {
  deliver(waiter: Waiter): void;
}

function tellJoiners(joiners: WaitList): void {
  for (let waiter = joiners.shift(); waiter !== undefined; waiter = joiners.shift()) {
    (waiter.slot as Joining).deliver(waiter);
  }
}

export function extraOf(task: TaskRecord): Extra {
  task.extra ??= new Extra();
  return task.extra;
}

function movedBy({ move }: TaskOptions): readonly Disposable[] {
  // A copy, for the caller may go on with the array. What can be iterated and disposed itself is one thing.
  const moved = move === undefined ? NONE : ([move].flat() as readonly Disposable[]);
  for (const each of moved) {
    if (typeof each?.[dispose] !== "function") throw wrongType("move", "disposable", each);
  }
  return moved;
}

function callBody(task: TaskRecord, body: AnyBody): unknown {
  return body(new TaskSelf(task));
}

/** Goes on with what a body that is no generator function returned. */
function adopt(task: TaskRecord, result: unknown): void {
  if (isGenerator(result)) task.gen = result;
  else if (!isThenable(result)) endAsync(task, result, false);
  // Operations and blocks are lazy: they start here, inside the task.
  else
    result.then(
      (value) => endAsync(task, value, false),
      (error) => endAsync(task, error, true),
    );
}

function endAsync(task: TaskRecord, outcome: unknown, failed: boolean): void {
  task.slot = outcome;
  if (failed) task.flags |= FAILED;
  const abort = task.extra?.abortedBy;
  const reached = (task.flags & REFUSED) !== 0 || (failed && tells(outcome, abort));
  if (reached && abort !== undefined) task.flags |= UNWINDING;
  task.end();
}
