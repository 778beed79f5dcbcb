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
import { signalOf } from "../cancel/abort-signal.ts";
import { cancelledBy } from "../cancel/node.ts";
import { type CancelledError, JoinAbortedError, MisuseError } from "../errors.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import { Coroutine } from "../kernel/coroutine.ts";
import { ABORTED, DAEMON, ENDED, FAILED, JOINED, NEW, UNWINDING } from "../kernel/coroutine-flags.ts";
import { running, setRunning } from "../kernel/current.ts";
import { waitsIn } from "../kernel/deadlock.ts";
import type { Enter } from "../kernel/platform.ts";
import type { Locals, Region } from "../kernel/region.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { LiveTask } from "../kernel/task-list.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { type AnyBody, isGenerator, isGeneratorFunction, isThenable, type Self } from "./body.ts";
import { TaskRegion } from "./region.ts";
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

interface Extra {
  readonly options: TaskOptions;
  readonly enter: Enter | undefined;
  cleanupError?: { readonly error: unknown };
}

let lastId = 0;

export class TaskRecord extends Coroutine implements LiveTask {
  readonly id = ++lastId;
  previousTask: LiveTask | undefined = undefined;
  nextTask: LiveTask | undefined = undefined;
  readonly locals: Locals | undefined;
  readonly #group: TaskGroup | undefined;
  #joiners: WaitList | undefined = undefined;
  #base: TaskRegion | undefined = undefined;
  #abortError: CancelledError | undefined = undefined;
  #extra: Extra | undefined = undefined;

  constructor(
    scheduler: Scheduler,
    body: AnyBody,
    locals: Locals | undefined,
    options: TaskOptions | undefined,
    parent: CancelSource | undefined,
    group: TaskGroup | undefined,
  ) {
    super(scheduler);
    this.slot = body;
    this.locals = locals;
    this.#group = group;
    if (options !== undefined) {
      this.#extra = { options, enter: options.inherit === true ? platform.snapshot() : undefined };
      if (options.daemon === true) this.flags |= DAEMON;
    }
    scheduler.watch();
    scheduler.tasks.add(this);
    if (parent !== undefined) {
      if (parent.error === undefined) parent.add(this);
      else this.cancelled(parent.error);
    }
    scheduler.enqueue(this);
  }

  get name(): string | undefined {
    return this.#extra?.options.name;
  }

  get label(): string {
    return this.name === undefined ? `task ${this.id}` : `task ${this.id} (${this.name})`;
  }

  get finished(): boolean {
    return (this.flags & ENDED) !== 0;
  }

  describeWait(): string {
    if (this.op !== undefined) return this.op.describe();
    if ((this.flags & NEW) !== 0) return "not started";
    return this.gen === undefined ? this.#describeAsyncWait() : "running";
  }

  #describeAsyncWait(): string {
    const waits = this.#base === undefined ? [] : waitsIn(this.#base);
    return waits.length === 0 ? "a foreign await" : waits.join(", ");
  }

  // ── regions ──

  /** The region of the whole body. */
  base(): TaskRegion {
    if (this.#base === undefined) {
      const { scheduler, daemon, locals } = this;
      this.#base = new TaskRegion({ scheduler, daemon, locals, task: this });
      if (this.#abortError !== undefined) this.#base.cancelWith(this.#abortError);
    }
    return this.#base;
  }

  override currentRegion(): Region {
    const region = this.region ?? this.base();
    const cleaning = (this.region === undefined && (this.flags & UNWINDING) !== 0) || (region as TaskRegion).unwound;
    return cleaning ? TaskRegion.shield(region) : region;
  }

  // ── abort ──

  /** Asks the task to end. `false` if it has ended, or was asked before. */
  abort(reason?: unknown): boolean {
    if ((this.flags & (ENDED | ABORTED)) !== 0) return false;
    this.source?.remove(this);
    this.cancelled(cancelledBy(reason));
    return true;
  }

  override cancelled(error: CancelledError): void {
    if ((this.flags & (ENDED | ABORTED)) !== 0) return;
    this.#abortError = error;
    this.flags |= ABORTED;
    this.#base?.cancelWith(error);
    this.interrupt();
  }

  override cleanupFailed(error: unknown): void {
    this.#extra ??= { options: {}, enter: undefined };
    const earlier = this.#extra.cleanupError;
    const all = earlier === undefined ? error : new AggregateError([earlier.error, error], "several cleanups failed");
    this.#extra.cleanupError = { error: all };
  }

  // ── life ──

  override begin(): void {
    const body = this.slot as AnyBody;
    this.slot = undefined;
    if ((this.flags & ABORTED) !== 0) {
      this.flags |= UNWINDING;
      this.end();
      return;
    }
    let result: unknown;
    try {
      result = this.#callBody(body);
    } catch (error) {
      this.#endAsync(error, true);
      return;
    }
    if (isGenerator(result)) this.gen = result;
    else if (isThenable(result))
      result.then(
        (value) => this.#endAsync(value, false),
        (error) => this.#endAsync(error, true),
      );
    else this.#endAsync(result, false);
  }

  /** A generator function runs none of its code when it is called, and needs no ambient region; all else does. */
  #callBody(body: AnyBody): unknown {
    const call = (): unknown => (body.length === 0 ? (body as () => unknown)() : body(new TaskSelf(this)));
    if (isGeneratorFunction(body)) return call();
    return this.callForeign(call);
  }

  override callForeign<R>(body: () => R): R {
    const enter = this.#extra?.enter;
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

  #endAsync(outcome: unknown, failed: boolean): void {
    this.slot = outcome;
    if (failed) this.flags |= FAILED;
    const reached = this.#base?.delivered === true || (failed && outcome === this.#abortError);
    if (reached && this.#abortError !== undefined) this.flags |= UNWINDING;
    this.end();
  }

  override end(): void {
    this.gen = undefined;
    this.#disposeMoved();
    if ((this.flags & UNWINDING) !== 0) this.#settleAbort();
    this.flags |= ENDED;
    this.source?.remove(this);
    this.scheduler.tasks.remove(this);
    const joiners = this.#joiners;
    this.#joiners = undefined;
    for (let waiter = joiners?.shift(); waiter !== undefined; waiter = joiners?.shift()) {
      (waiter.op as unknown as Joining).deliver(waiter);
    }
    if (this.#group !== undefined) this.#group.ended(this);
    else if ((this.flags & (FAILED | JOINED)) === FAILED) reportUnjoined(this);
  }

  #disposeMoved(): void {
    const move = this.#extra?.options.move;
    if (move === undefined) return;
    for (const each of Symbol.iterator in move ? move : [move]) {
      try {
        each[Symbol.dispose]();
      } catch (error) {
        this.#failDisposing(error);
      }
    }
  }

  #failDisposing(error: unknown): void {
    if ((this.flags & UNWINDING) !== 0) this.cleanupFailed(error);
    else {
      const failed = (this.flags & FAILED) !== 0;
      this.slot = failed ? new AggregateError([this.slot, error], "the task failed, and so did its cleanup") : error;
      this.flags |= FAILED;
    }
  }

  /** An abort that reached the task decides its outcome, unless cleanup threw. */
  #settleAbort(): void {
    const abort = this.#abortError;
    const thrown = (this.flags & FAILED) !== 0 && this.slot !== abort ? { error: this.slot } : undefined;
    const failure = this.#extra?.cleanupError ?? thrown;
    this.flags &= ~FAILED;
    this.slot = undefined;
    if (failure === undefined) return;
    this.flags |= FAILED;
    this.slot = withCause(failure.error, abort);
  }

  // ── joining ──

  get settled(): Settled<unknown> {
    if ((this.flags & FAILED) !== 0) return { status: "failed", error: this.slot };
    if ((this.flags & UNWINDING) !== 0) return { status: "aborted", reason: this.#abortError?.cause };
    return { status: "ok", value: this.slot };
  }

  /** The value of an ended task. @throws what it failed with, or {@link JoinAbortedError}. */
  get value(): unknown {
    if ((this.flags & FAILED) !== 0) throw this.slot;
    if ((this.flags & UNWINDING) !== 0) throw new JoinAbortedError(this.label, this.#abortError);
    return this.slot;
  }

  /** Someone asks for the outcome: a failure is theirs to handle. */
  join(): void {
    if (running === this) throw new MisuseError(`${this.label} joins itself, and would wait for ever`);
    this.flags |= JOINED;
  }

  addJoiner(waiter: Waiter<never>): void {
    this.#joiners ??= new WaitList();
    this.#joiners.push(waiter as Waiter);
  }

  removeJoiner(waiter: Waiter<never>): void {
    this.#joiners?.remove(waiter as Waiter);
  }
}

/** An operation that waits for a task's end. */
export interface Joining {
  deliver(waiter: Waiter): void;
}

class TaskSelf implements Self {
  readonly #task: TaskRecord;

  constructor(task: TaskRecord) {
    this.#task = task;
  }

  get id(): number {
    return this.#task.id;
  }

  get name(): string | undefined {
    return this.#task.name;
  }

  get signal(): AbortSignal {
    return signalOf(this.#task.base());
  }
}

function withCause(error: unknown, cause: unknown): unknown {
  if (error instanceof Error && !("cause" in error)) {
    Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  }
  return error;
}
