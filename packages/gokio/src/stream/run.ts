/**
 * One run of a stream: a line of stages, those who pull from it, and the task that does what has to wait.
 *
 * # Algorithm
 *
 * Whoever pulls advances the line in their own frame, as far as it goes without waiting; a stream of synchronous stages over a synchronous
 * source is never anything else. What has to wait is done by a task, the run's own: it waits for what is in the line's way, goes
 * on, hands the item to the oldest receiver, and parks until another is wanted.
 *
 *     recv, next ──▶ receivers: parked, oldest first ◀── deliver ── task ── advance ──▶ line
 *          └──────── fill: in the caller's frame, while the task is idle ──────────────▶ line
 *
 * A pull that is given up leaves nothing behind: the task lets go of what it waits for, and takes it up again for the next pull. What cannot be
 * let go, an item on its way, is kept for that.
 *
 * 1. The slot is full only while nobody is parked. Receivers are parked only while the task has been asked to go on.
 * 2. Nobody advances the line while somebody else does.
 * 3. Code of the user's runs in the frame of a pull (`fill`) or in the task, never in `try`, `link` or `unlink`.
 * 4. Everything upstream is closed once, from the end to the source, and whoever is told the end is told after that.
 * 5. An error is given to one pull; those after it get the end.
 *
 * @module
 */

import { platform } from "#platform";
import type { Inlet } from "../chan/ends.ts";
import { ClosedError } from "../errors.ts";
import { DAEMON, LINKED, RETRY, UNWINDING } from "../kernel/coroutine-flags.ts";
import { type Surroundings, surroundings } from "../kernel/current.ts";
import { Call } from "../kernel/frame.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending, type Yielded } from "../kernel/step.ts";
import { unlinked } from "../kernel/waiter.ts";
import { currentRecord } from "../task/current.ts";
import { TaskRegion } from "../task/region.ts";
import { type TaskGroup, TaskRecord } from "../task/task.ts";
import { yieldNow } from "../task/yield-now.ts";
import { Arrival } from "./arrival.ts";
import { Demand } from "./demand.ts";
import { Ending, type Failure } from "./ending.ts";
import { BREATHE, END, FULL, GO, type Line, type Signal, type Sink, WAIT } from "./line.ts";
import { LineOut, type Outgoing } from "./out.ts";
import { lineOf, type Plan, Producer } from "./plan.ts";
import { ADVANCED, advanceAs, catchUp, Relay, type Relayed } from "./relay.ts";
import { type DrivenSink, Slot } from "./slot.ts";
import { Waiting } from "./waiting.ts";

/** Why the task of a run is ended by the run itself. */
const LEFT = Symbol("the stream was left");

export class StreamRun<T> implements Inlet<T>, TaskGroup, Relayed, Outgoing {
  readonly #waiting: Waiting<T> = new Waiting();
  readonly receivers = this.#waiting.receivers;
  readonly peekers = this.#waiting.peekers;
  readonly #ending = new Ending();
  readonly #plan: Plan;
  readonly #slot = new Slot<T>();
  readonly #end: Sink<T>;
  line: Line | undefined = undefined;
  #isForeign = false;
  #within: Surroundings | undefined = undefined;
  /** The task that pulled first: what the run does is cancelled with it. */
  #parent: TaskRecord | undefined = undefined;
  task: TaskRecord | undefined = undefined;
  readonly demand: Demand = new Demand(this);
  /** It is closed by what it is a part of, and not cancelled with the task that pulled it first. Set before the first pull. */
  isOrphan = false;
  /** The task is parked, since nobody wants an item. */
  isIdle = false;
  /** What it waited for, then, if it was in the middle of a pull. */
  #paused: Operation<unknown> | undefined = undefined;
  /** It cannot go on in the frame of a pull. */
  #needsTask = false;
  #isRequested = false;
  /** Somebody is advancing the line. */
  isAdvancing = false;
  /** How far the line was advanced while the task was parked. */
  signal: Signal = GO;

  /** With a sink of its own at the end, the run is driven by {@link drive}, not pulled. */
  constructor(plan: Plan, end?: DrivenSink<T>) {
    this.#plan = plan;
    this.#end = end ?? this.#slot;
  }

  get isOver(): boolean {
    return this.#ending.isOver;
  }

  /** Whether it was pulled. */
  get hasBegun(): boolean {
    return this.line !== undefined;
  }

  /** What it has failed with, if nobody was told. */
  get failure(): Failure | undefined {
    return this.#ending.failure;
  }

  /** {@link failure}, for somebody who is told now. */
  takeFailure(): Failure | undefined {
    return this.#ending.takeFailure();
  }

  // ── pulling ──

  /**
   * Gets the next item into the slot, or the end, if that goes without waiting; has one that has to be waited for set out, if the pull is one that
   * waits. Called where code of the user's may run.
   */
  fill(waits = false): void {
    if (this.#slot.isFull || this.#ending.isLeaving || this.receivers.head !== undefined) return;
    const line = this.#begin();
    if (this.isAdvancing || (this.task !== undefined && !this.isIdle)) return;
    if (this.#paused !== undefined) {
      if (catchUp(this.task as TaskRecord, this, line, this.#paused)) this.#paused = undefined;
      return;
    }
    if (this.#isForeign) {
      if (waits && this.task !== undefined && line.follower !== undefined) advanceAs(this.task, this, line, GO);
      return;
    }
    this.isAdvancing = line.isInline = true;
    try {
      const signal = this.#advanceNow(line);
      this.#needsTask = signal === BREATHE;
      this.#isForeign = line.source.isForeign;
      if (signal === END) this.#leaveInline(undefined);
    } catch (error) {
      line.broke(error);
      this.#leaveInline({ error });
    } finally {
      this.isAdvancing = line.isInline = false;
    }
    if (this.#ending.isLeaving && !this.#ending.isOver) this.#leaveInline(undefined);
  }

  /** Advances as far as it goes without waiting: what an earlier pull has left waiting may be there by now. */
  #advanceNow(line: Line): Signal {
    for (;;) {
      let signal = line.advance();
      if (signal !== WAIT) return signal;
      const op = line.blocker as Operation<unknown>;
      const value = op.startsWork ? PENDING : op.try();
      if (value === PENDING) return WAIT;
      signal = line.resume(value);
      if (signal === FULL || signal === END) return signal;
    }
  }

  take(): T | Pending {
    const item = this.pull();
    if (item === PENDING) return PENDING;
    if (item.done === true) throw new ClosedError(this.label);
    return item.value;
  }

  /** The next item in a box, or the end. What the stream has failed with is thrown, even if that is a `ClosedError`. */
  pull(): IteratorResult<T, undefined> | Pending {
    if (this.#slot.isFull) return { done: false, value: this.#slot.take() };
    return this.#endOrFailure();
  }

  /** As {@link pull}, but the item stays where it is. */
  look(): IteratorResult<T, undefined> | Pending {
    if (this.#slot.isFull) return { done: false, value: this.#slot.look() };
    return this.#endOrFailure();
  }

  #endOrFailure(): IteratorReturnResult<undefined> | Pending {
    if (!this.#ending.isOver) return PENDING;
    const failure = this.takeFailure();
    if (failure !== undefined) throw failure.error;
    return { done: true, value: undefined };
  }

  /** A receiver was linked. */
  wanted(): void {
    const { isDaemon } = this.#waiting;
    const task = this.task;
    if (task === undefined) this.#start(isDaemon);
    else {
      // What it waits for was linked for a daemon, and would not hold the process.
      if (!isDaemon && (task.flags & DAEMON) !== 0 && !(task.op instanceof Arrival)) this.#pause();
      if (this.isIdle) this.#goOn();
      if (!isDaemon) task.flags &= ~DAEMON;
    }
  }

  /** Has the task make the next item, which waits in the slot, although nobody is linked: somebody who has others to ask may come for it. */
  request(): void {
    if (!this.#needsTask || this.#slot.isFull || this.#ending.isLeaving || this.#isRequested) return;
    this.#isRequested = true;
    this.wanted();
  }

  /** A receiver was unlinked. */
  unwanted(): void {
    if (!this.isWanted) this.#pause();
  }

  get isWanted(): boolean {
    return this.#isRequested || !this.#waiting.isEmpty;
  }

  /** Gives what is in the slot to the oldest receiver. */
  deliver(): void {
    this.#isRequested = false;
    this.#waiting.deliver(this.#slot);
  }

  // ── the task ──

  #begin(): Line {
    if (this.line !== undefined) return this.line;
    const { scheduler, locals } = surroundings();
    this.#within = { scheduler, locals };
    this.#parent = currentRecord();
    const line = lineOf(this.#plan, this.#end as Sink<unknown>, scheduler);
    if (this.isDriven) (this.#end as DrivenSink<T>).begin(line);
    this.#isForeign = line.source.isForeign || this.#plan.stages.some((each) => each.isForeign);
    this.#needsTask = this.#isForeign;
    this.line = line;
    return line;
  }

  #start(daemon: boolean): TaskRecord {
    const line = this.#begin();
    const { scheduler, locals } = this.#within as Surroundings;
    const body = this.#main.bind(this);
    const isOrphan =
      this.isOrphan ||
      this.isDriven ||
      this.#ending.isLeaving ||
      this.#parent?.finished === true ||
      this.#parent?.cancellation !== undefined;
    const parent = isOrphan ? undefined : this.#parent;
    const task = new TaskRecord(scheduler, body, locals, { name: this.label, daemon }, parent, this);
    const isAmbient = this.#parent !== undefined || platform.isAmbienceInUse;
    if (!(line.source instanceof Producer)) line.follower = new Relay(this, task, line);
    line.task = task;
    if (isAmbient) line.context = (foreign) => task.callForeign(foreign);
    this.task = task;
    return task;
  }

  *#main(): Generator<Yielded, void, unknown> {
    const line = this.line as Line;
    const { source } = line;
    try {
      if (source instanceof Producer && !this.#ending.isLeaving && !line.isCut) {
        yield* new Call(() => source.run(new LineOut(this, line)));
        line.dry();
      }
      // Not a generator of its own: each would cost as much again at every wait.
      for (let signal: Signal = this.#ending.isLeaving ? END : GO; signal !== END; ) {
        if (signal === WAIT || signal === FULL) {
          if (signal === FULL) this.deliver();
          const value: unknown = yield* signal === FULL ? this.demand : (line.blocker as Operation<unknown>);
          // The line may have gone on meanwhile, and be waiting for something else than it was.
          if (value === ADVANCED) signal = this.signal;
          else signal = line.blocker === undefined ? GO : line.resume(value);
        } else {
          if (signal === BREATHE) yield* yieldNow();
          signal = line.advance();
        }
      }
    } catch (error) {
      line.broke(error);
      throw error;
    } finally {
      // A stream that has failed may be left while it is closed. That must not cut the closing short.
      const task = this.task as TaskRecord;
      task.region = TaskRegion.shield(task);
      yield* this.#ending.closeAll(line);
    }
  }

  /** Ends the producer where it is, for nothing is wanted of it any more. */
  unwind(): void {
    this.task?.abort(LEFT);
  }

  // ── demand ──

  /** Nobody wants an item any more: lets go of what the task waits for. */
  #pause(): void {
    const task = this.task;
    // Once it closes what is upstream, it does so whoever is there.
    if (task === undefined || this.isIdle || this.isAdvancing || this.#ending.isClosing) return;
    const { op } = task;
    if ((task.flags & (LINKED | UNWINDING)) !== LINKED || op === undefined || op.startsWork) return;
    op.unlink(task);
    task.slot = undefined;
    task.op = this.demand;
    this.#paused = op;
    this.idle();
    unlinked(op);
  }

  #goOn(): void {
    const task = this.task as TaskRecord;
    this.isIdle = false;
    const op = this.#paused;
    if (op === undefined) {
      this.signal = GO;
      task.wake(ADVANCED);
      return;
    }
    // It was never woken: it tries again.
    this.#paused = undefined;
    task.op = op;
    task.flags = (task.flags & ~LINKED) | RETRY;
    task.scheduler.enqueue(task);
  }

  /** The task is parked for want of demand. */
  idle(): void {
    this.isIdle = true;
    if (this.task !== undefined) this.task.flags |= DAEMON;
  }

  // ── driving ──

  /** Runs the whole stream into its sink, and calls `then` when it is over. */
  drive(daemon: boolean, then: () => void): void {
    this.#ending.tell(then);
    this.#start(daemon);
  }

  get isDriven(): boolean {
    return this.#end !== this.#slot;
  }

  // ── leaving ──

  /** Ends the run, and calls `then` when everything upstream is closed. User code runs in the task only. */
  leave(then?: () => void): void {
    const ending = this.#ending;
    if (ending.isOver) {
      then?.();
      return;
    }
    if (then !== undefined) ending.tell(then);
    if (ending.isLeaving) return;
    ending.isLeaving = true;
    const task = this.task ?? this.#start(false);
    task.flags &= ~DAEMON;
    this.#paused = undefined;
    // One that has not started closes everything first thing.
    if (task.gen !== undefined) task.abort(LEFT);
  }

  /** {@link leave}, where code of the user's may run. */
  leaveNow(): void {
    if (this.#ending.isLeaving || this.task !== undefined) return;
    this.#begin();
    if (!this.isAdvancing) this.#leaveInline(undefined);
    this.#ending.isLeaving = true;
  }

  /** The line has ended in the frame of a pull: closes at once what can be. */
  #leaveInline(failure: Failure | undefined): void {
    const ending = this.#ending;
    ending.isLeaving = true;
    ending.failure ??= failure;
    if (this.task !== undefined) {
      this.task.flags &= ~DAEMON;
      this.task.abort(LEFT);
    } else if (ending.closeNow(this.line as Line)) this.#finish();
    else this.#start(false);
  }

  ended(task: TaskRecord): void {
    const ending = this.#ending;
    const { settled } = task;
    if (settled.status === "failed") ending.failure = { error: settled.error };
    // For one that is being left, that is as good.
    else if (settled.status === "aborted" && settled.reason !== LEFT && !ending.isLeaving) {
      ending.failure ??= { error: task.cancellation?.error };
    }
    if (ending.isClosing) {
      this.#finish();
      return;
    }
    // Aborted with its parent before it had begun: what is upstream has still to be closed.
    ending.isLeaving = true;
    this.#start(false);
  }

  #finish(): void {
    const ending = this.#ending;
    ending.over();
    if (this.#slot.isFull) this.#slot.take();
    this.#waiting.giveUp(ending, () => new ClosedError(this.label));
    ending.tellAll();
  }

  get label(): string {
    return `stream of ${this.line?.source.describe() ?? "something"}`;
  }
}
