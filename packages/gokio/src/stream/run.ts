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
import { give, giveUp, giveUpAll, type Inlet } from "../chan/ends.ts";
import { ClosedError } from "../errors.ts";
import { DAEMON, LINKED, RETRY, UNWINDING } from "../kernel/coroutine-flags.ts";
import { running, type Surroundings, setRunning, surroundings } from "../kernel/current.ts";
import { Call } from "../kernel/frame.ts";
import { Operation } from "../kernel/operation.ts";
import { type Parked, PENDING, type Pending, type Yielded } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { unlinked } from "../kernel/waiter.ts";
import { currentRecord } from "../task/current.ts";
import { watching } from "../task/foreign.ts";
import { TaskRegion } from "../task/region.ts";
import { type TaskGroup, TaskRecord } from "../task/task.ts";
import { yieldNow } from "../task/yield-now.ts";
import { Arrival } from "./arrival.ts";
import { Demand } from "./demand.ts";
import { BREATHE, type Closable, CUT, END, FULL, GO, Line, type Signal, type Sink, WAIT } from "./line.ts";
import type { Out } from "./out.ts";
import { type Plan, Producer } from "./plan.ts";
import { runAs } from "./run-as.ts";
import { type DrivenSink, Slot } from "./slot.ts";

/** What the task is woken with when the line went on without it. */
const ADVANCED = Symbol("advanced");

/** Why the task of a run is ended by the run itself. */
const LEFT = Symbol("the stream was left");

export class StreamRun<T> implements Inlet<T>, TaskGroup, Out<unknown> {
  readonly receivers = new WaitList();
  /** Who wants to see the next item without taking it. */
  readonly peekers = new WaitList();
  readonly #plan: Plan;
  readonly #slot = new Slot<T>();
  readonly #end: Sink<T>;
  #line: Line | undefined = undefined;
  #head: Sink<unknown> | undefined = undefined;
  #isForeign = false;
  #within: Surroundings | undefined = undefined;
  /** The task that pulled first: what the run does is cancelled with it. */
  #parent: TaskRecord | undefined = undefined;
  #task: TaskRecord | undefined = undefined;
  readonly #demand: Demand = new Demand(this);
  /** It is closed by what it is a part of, and not cancelled with the task that pulled it first. Set before the first pull. */
  isOrphan = false;
  /** The task is parked, since nobody wants an item. */
  isIdle = false;
  /** What it waited for, then, if it was in the middle of a pull. */
  #paused: Operation<unknown> | undefined = undefined;
  /** It cannot go on in the frame of a pull. */
  #needsTask = false;
  #isRequested = false;
  #isAdvancing = false;
  /** How far the line was advanced while the task was parked. */
  #signal: Signal = GO;
  #isLeaving = false;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined = undefined;
  #parts: Generator<Closable, void> | undefined = undefined;
  #pending: PromiseLike<unknown> | undefined = undefined;
  #whenOver: (() => void)[] = [];

  /** With a sink of its own at the end, the run is driven by {@link drive}, not pulled. */
  constructor(plan: Plan, end?: DrivenSink<T>) {
    this.#plan = plan;
    this.#end = end ?? this.#slot;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether it was pulled. */
  get hasBegun(): boolean {
    return this.#line !== undefined;
  }

  /** What it has failed with, if nobody was told. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** {@link failure}, for somebody who is told now. */
  takeFailure(): { readonly error: unknown } | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  // ── pulling ──

  /**
   * Gets the next item into the slot, or the end, if that goes without waiting; has one that has to be waited for set out, if the pull is one that
   * waits. Called where code of the user's may run.
   */
  fill(waits = false): void {
    if (this.#slot.isFull || this.#isOver || this.#isLeaving || this.receivers.head !== undefined) return;
    const line = this.#begin();
    if (this.#isAdvancing || (this.#task !== undefined && (!this.isIdle || this.#paused !== undefined))) return;
    if (this.#isForeign) {
      if (waits && this.#task !== undefined && line.goOn !== undefined) this.#advanceAs(this.#task, GO);
      return;
    }
    this.#isAdvancing = line.isInline = true;
    try {
      const signal = this.#advanceNow(line);
      this.#needsTask = signal === BREATHE;
      this.#isForeign = line.source.isForeign;
      if (signal === END) this.#leaveInline(undefined);
    } catch (error) {
      line.broke(error);
      this.#leaveInline({ error });
    } finally {
      this.#isAdvancing = line.isInline = false;
    }
    if (this.#isLeaving && !this.#isOver) this.#leaveInline(undefined);
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
    if (item.done === true) throw new ClosedError(this.describe());
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
    if (!this.#isOver) return PENDING;
    const failure = this.takeFailure();
    if (failure !== undefined) throw failure.error;
    return { done: true, value: undefined };
  }

  /** A receiver was linked. */
  wanted(): void {
    const isDaemon = (this.receivers.tail ?? this.peekers.tail)?.daemon === true;
    if (this.#task === undefined) this.#start(isDaemon);
    else {
      // What it waits for was linked for a daemon, and would not hold the process.
      if (!isDaemon && (this.#task.flags & DAEMON) !== 0 && !(this.#task.op instanceof Arrival)) this.#pause();
      if (this.isIdle) this.#goOn();
      if (!isDaemon) this.#task.flags &= ~DAEMON;
    }
  }

  /** Has the task make the next item, which waits in the slot, although nobody is linked: somebody who has others to ask may come for it. */
  request(): void {
    if (!this.#needsTask || this.#slot.isFull || this.#isLeaving || this.#isRequested) return;
    this.#isRequested = true;
    this.wanted();
  }

  /** A receiver was unlinked. */
  unwanted(): void {
    if (!this.isWanted) this.#pause();
  }

  get isWanted(): boolean {
    return this.#isRequested || this.receivers.head !== undefined || this.peekers.head !== undefined;
  }

  /** Gives what is in the slot to the oldest receiver. */
  #deliver(): void {
    this.#isRequested = false;
    const { peekers } = this;
    for (let peeker = peekers.shift(); peeker !== undefined; peeker = peekers.shift()) give(peeker, this.#slot.look());
    const receiver = this.#slot.isFull ? this.receivers.shift() : undefined;
    if (receiver !== undefined) give(receiver, this.#slot.take());
  }

  // ── the task ──

  #begin(): Line {
    if (this.#line !== undefined) return this.#line;
    const { scheduler, locals } = surroundings();
    this.#within = { scheduler, locals };
    this.#parent = currentRecord();
    const source = this.#plan.source();
    const line = new Line(source, scheduler);
    const { stages } = this.#plan;
    let down: Sink<unknown> = this.#end as Sink<unknown>;
    for (let index = stages.length - 1; index >= 0; index--) {
      down = (stages[index] as (typeof stages)[number]).make({ line, down, index });
    }
    line.begin(down);
    if (this.isDriven) (this.#end as DrivenSink<T>).begin(line);
    this.#head = down;
    this.#isForeign = source.isForeign || stages.some((each) => each.isForeign);
    this.#needsTask = this.#isForeign;
    this.#line = line;
    return line;
  }

  #start(daemon: boolean): TaskRecord {
    const line = this.#begin();
    const { scheduler, locals } = this.#within as Surroundings;
    const body = this.#main.bind(this);
    const isOrphan =
      this.isOrphan ||
      this.isDriven ||
      this.#isLeaving ||
      this.#parent?.finished === true ||
      this.#parent?.cancellation !== undefined;
    const parent = isOrphan ? undefined : this.#parent;
    const task = new TaskRecord(scheduler, body, locals, { name: this.describe(), daemon }, parent, this);
    const isAmbient = this.#parent !== undefined || platform.isAmbienceInUse;
    if (!(line.source instanceof Producer)) line.goOn = this.#goOnInReaction;
    line.enter = (foreign) => (isAmbient ? task.callForeign(foreign) : runAs(task, foreign));
    this.#task = task;
    return task;
  }

  *#main(): Generator<Yielded, void, unknown> {
    const line = this.#line as Line;
    const { source } = line;
    try {
      if (source instanceof Producer && !this.#isLeaving && !line.isCut) {
        yield* new Call(() => source.run(this as Out<unknown>));
        line.dry();
      }
      // Not a generator of its own: each would cost as much again at every wait.
      for (let signal: Signal = this.#isLeaving ? END : GO; signal !== END; ) {
        if (signal === WAIT || signal === FULL) {
          if (signal === FULL) this.#deliver();
          const value: unknown = yield* signal === FULL ? this.#demand : (line.blocker as Operation<unknown>);
          // The line may have gone on meanwhile, and be waiting for something else than it was.
          if (value === ADVANCED) signal = this.#signal;
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
      const task = this.#task as TaskRecord;
      task.region = TaskRegion.shield(task);
      yield* this.#closeAll(line);
    }
  }

  /**
   * What a promise brought goes on down the line in the promise's own reaction, as long as that leads to the next promise: each item spares a wake, a turn of
   * the run queue and a resumption. The task, which is parked on the promise all the while, is woken for everything else.
   */
  readonly #goOnInReaction = (value: unknown): void => {
    const task = this.#task as TaskRecord;
    const { budget } = task.scheduler;
    if (--budget.credit < 0 && budget.isExhausted()) task.wake(value);
    else this.#advanceAs(task, WAIT, value);
  };

  /** Goes on in the place of the task, which is parked, from `last`: for another item, or with the `value` that was waited for. */
  #advanceAs(task: TaskRecord, last: Signal, value?: unknown): void {
    const line = this.#line as Line;
    const parkedOn = task.op;
    const caller = running;
    setRunning(task);
    this.#isAdvancing = true;
    let signal = last;
    try {
      if (last === WAIT) signal = line.resume(value);
      while (signal === GO || signal === CUT || (signal === FULL && this.#isWantedStill())) signal = line.advance();
    } catch (error) {
      this.isIdle = false;
      if (task.op === parkedOn) task.fail(error);
      return;
    } finally {
      this.#isAdvancing = false;
      setRunning(caller);
    }
    // Left meanwhile, by what it called.
    if (task.op === parkedOn && (task.flags & LINKED) !== 0)
      this.#parkAfter(signal, task, line, last === GO || this.#isWantedNow);
  }

  /** Parks the task where the line has come to, or wakes it for what is not to be done in its place. */
  #parkAfter(signal: Signal, task: TaskRecord, line: Line, isWanted: boolean): void {
    if (signal === FULL) {
      // As it does after delivering one itself.
      task.op = this.#demand;
      this.idle();
      return;
    }
    this.isIdle = false;
    const { blocker } = line;
    if (signal === WAIT && blocker instanceof Arrival && isWanted) {
      task.op = blocker;
      blocker.link(task);
      return;
    }
    this.#signal = signal;
    task.wake(ADVANCED);
  }

  /** Delivers the item in the slot; whether somebody waits for another. */
  #isWantedStill(): boolean {
    this.#deliver();
    return this.isWanted;
  }

  get #isWantedNow(): boolean {
    return this.isDriven || this.isWanted;
  }

  push(value: unknown): Signal {
    return (this.#head as Sink<unknown>).push(value);
  }

  *settle(first: Signal): Generator<Parked, void, unknown> {
    const line = this.#line as Line;
    for (let signal = first; signal !== GO; ) {
      if (signal === WAIT) {
        signal = line.resume(yield* line.blocker as Operation<unknown>);
        // After a GO, there may be something held that has to go first.
        if (signal !== GO) continue;
      } else if (signal === FULL) {
        this.#deliver();
        yield* this.#demand;
      } else if (signal === BREATHE) yield* yieldNow();
      else if (signal === END) yield* this.#unwound();
      signal = line.isCut ? line.advance() : line.settle();
    }
  }

  /** Ends the producer where it is, for nothing is wanted of it any more. */
  #unwound(): Operation<void> {
    this.#task?.abort(LEFT);
    return yieldNow();
  }

  // ── demand ──

  /** Nobody wants an item any more: lets go of what the task waits for. */
  #pause(): void {
    const task = this.#task;
    // Once it closes what is upstream, it does so whoever is there.
    if (task === undefined || this.isIdle || this.#isAdvancing || this.#parts !== undefined) return;
    const { op } = task;
    if ((task.flags & (LINKED | UNWINDING)) !== LINKED || op === undefined || op.startsWork) return;
    op.unlink(task);
    task.slot = undefined;
    task.op = this.#demand;
    this.#paused = op;
    this.idle();
    unlinked(op);
  }

  #goOn(): void {
    const task = this.#task as TaskRecord;
    this.isIdle = false;
    const op = this.#paused;
    if (op === undefined) {
      this.#signal = GO;
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
    if (this.#task !== undefined) this.#task.flags |= DAEMON;
  }

  // ── driving ──

  /** Runs the whole stream into its sink, and calls `then` when it is over. */
  drive(daemon: boolean, then: () => void): void {
    this.#whenOver.push(then);
    this.#start(daemon);
  }

  get isDriven(): boolean {
    return this.#end !== this.#slot;
  }

  // ── leaving ──

  /** Ends the run, and calls `then` when everything upstream is closed. User code runs in the task only. */
  leave(then?: () => void): void {
    if (this.#isOver) {
      then?.();
      return;
    }
    if (then !== undefined) this.#whenOver.push(then);
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    const task = this.#task ?? this.#start(false);
    task.flags &= ~DAEMON;
    this.#paused = undefined;
    // One that has not started closes everything first thing.
    if (task.gen !== undefined) task.abort(LEFT);
  }

  /** {@link leave}, where code of the user's may run. */
  leaveNow(): void {
    if (this.#isLeaving || this.#task !== undefined) return;
    this.#begin();
    if (!this.#isAdvancing) this.#leaveInline(undefined);
    this.#isLeaving = true;
  }

  /** The line has ended in the frame of a pull: closes at once what can be. */
  #leaveInline(failure: { readonly error: unknown } | undefined): void {
    this.#isLeaving = true;
    this.#failure ??= failure;
    if (this.#task !== undefined) {
      this.#task.flags &= ~DAEMON;
      this.#task.abort(LEFT);
      return;
    }
    const parts = this.#openParts(this.#line as Line);
    for (let part = parts.next(); part.done !== true; part = parts.next()) {
      try {
        this.#pending = part.value.close();
      } catch (error) {
        this.#failure ??= { error };
      }
      if (this.#pending !== undefined) {
        this.#start(false);
        return;
      }
    }
    this.#finish();
  }

  #openParts(line: Line): Generator<Closable, void> {
    this.#parts ??= line.parts();
    return this.#parts;
  }

  *#closeAll(line: Line): Generator<Parked, void, unknown> {
    const parts = this.#openParts(line);
    for (;;) {
      try {
        const pending = this.#pending;
        this.#pending = undefined;
        if (pending !== undefined) yield* pending instanceof Operation ? pending : watching(pending);
        const part = parts.next();
        if (part.done === true) return;
        this.#pending = part.value.close();
      } catch (error) {
        this.#failure ??= { error };
      }
    }
  }

  ended(task: TaskRecord): void {
    const { settled } = task;
    if (settled.status === "failed") this.#failure = { error: settled.error };
    // For one that is being left, that is as good.
    else if (settled.status === "aborted" && settled.reason !== LEFT && !this.#isLeaving) {
      this.#failure ??= { error: task.cancellation?.error };
    }
    if (this.#parts !== undefined) {
      this.#finish();
      return;
    }
    // Aborted with its parent before it had begun: what is upstream has still to be closed.
    this.#isLeaving = true;
    this.#start(false);
  }

  #finish(): void {
    this.#isOver = this.#isLeaving = true;
    if (this.#slot.isFull) this.#slot.take();
    // They come again, for the outcome.
    for (let peeker = this.peekers.shift(); peeker !== undefined; peeker = this.peekers.shift()) {
      if (this.receivers.head === undefined && this.#failure !== undefined) {
        peeker.fail(this.takeFailure()?.error);
      } else giveUp(peeker, new ClosedError(this.describe()));
    }
    const { receivers } = this;
    if (this.#failure !== undefined && receivers.head !== undefined) {
      receivers.shift()?.fail(this.takeFailure()?.error);
    }
    if (receivers.head !== undefined) giveUpAll(receivers, new ClosedError(this.describe()));
    const told = this.#whenOver;
    this.#whenOver = [];
    for (const then of told) then();
  }

  describe(): string {
    return `stream of ${this.#line?.source.describe() ?? "something"}`;
  }
}
