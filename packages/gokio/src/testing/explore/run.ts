/**
 * One run of the body under one schedule.
 *
 *     pick a job that is ready ─▶ grant it ─▶ drain: it runs until it waits ─▶ let async code settle ─┐
 *          ▲                                                                                        │
 *          └─────────────────── nothing ready: a turn for failures, then time moves ◀────────────────┘
 *
 * 1. A task runs until it waits, ends, or is preempted at an operation that is ready. Async code runs on in microtasks, so before the next step
 *    all of them have to pass; a run of generator tasks alone never leaves the stack.
 * 2. A preemption names who runs instead: so to pause a task and then to pick the same one is no schedule of its own.
 * 3. Nothing throws through the body's code: what goes wrong ends the run once its step is over.
 *
 * @module
 */

import { show } from "../../errors.ts";
import type { Coroutine } from "../../kernel/coroutine.ts";
import { ENDED, JOINED, LINKED, RETRY } from "../../kernel/coroutine-flags.ts";
import { dispose } from "../../kernel/dispose.ts";
import type { Job } from "../../kernel/scheduler.ts";
import { tasksOf } from "../../kernel/task-list.ts";
import type { AnyBody } from "../../task/body.ts";
import { TaskRecord } from "../../task/task.ts";
import { type FailedTask, onTaskError } from "../../task/unjoined.ts";
import { AskingBudget } from "./asking-budget.ts";
import { Decider } from "./decider.ts";
import type { Chooser, Decision } from "./decision.ts";
import { ExploringHost } from "./exploring-host.ts";
import { ExploringScheduler } from "./exploring-scheduler.ts";
import type { Failure } from "./failure.ts";
import { isGeneratorJob, isTurn, ownerOf, type QueueListener, type Ready, ReadyQueue } from "./ready-queue.ts";
import type { Selecting } from "./select-order.ts";
import type { Trace } from "./trace.ts";
import { foreignWait, Labels, standstill } from "./verdict.ts";

/** How many operations in a row may be ready before others get a turn, if there are any: what a budget is for. */
const MOST_READY = 64;
/** How many turns of the event loop foreign work gets before a run that stands still is over. */
const PATIENCE = 2;

export interface RunLimits {
  readonly maxSteps: number;
  /** Whether a timer may fire although somebody is ready. */
  readonly slowTasks: boolean;
}

/** Instead of a job: time moves to the next timer. */
const TIME = "time";
type Candidate = Ready | typeof TIME;

export class Run implements QueueListener {
  readonly labels = new Labels();
  failure: Failure | undefined = undefined;
  /** Jobs that ran, and operations that were ready. */
  steps = 0;
  readonly #decider: Decider;
  readonly #limits: RunLimits;
  readonly #trace: Trace | undefined;
  readonly #queue = new ReadyQueue(this);
  readonly #host = new ExploringHost((below, select) =>
    this.#decider.roll(below, select as Selecting | undefined, this.#current),
  );
  readonly #scheduler: ExploringScheduler;
  readonly #body: TaskRecord;
  /** Whose code runs, or ran last. */
  #current: Coroutine | undefined = undefined;
  /** Who ran since async code settled last. */
  readonly #ran = new Set<Coroutine>();
  /** Whether async code takes part. */
  #hasAsync = false;
  #mustSettle = false;
  #isSettled = true;
  #still = 0;
  /** The preemption that was decided in this step, and whose place is taken. */
  #instead: Candidate | undefined = undefined;
  #preempted: Coroutine | undefined = undefined;
  #isRetrying = false;
  #readyInARow = 0;
  /** The last decision to go on, of a task that has not asked since. */
  #wentOn: Decision | undefined = undefined;

  constructor(body: AnyBody, chooser: Chooser, limits: RunLimits, trace?: Trace) {
    this.#decider = new Decider(chooser, trace);
    this.#limits = limits;
    this.#trace = trace;
    const budget = new AskingBudget(this.#host, this.#queue, () => this.#pauses());
    this.#scheduler = new ExploringScheduler(this.#host, this.#queue, budget);
    trace?.listen(this.#scheduler);
    this.#host.isStepping = true;
    this.#body = new TaskRecord(this.#scheduler, body, undefined, { name: "test" }, undefined, undefined);
    // Its failure is the run's.
    this.#body.flags |= JOINED;
    this.#host.isStepping = false;
  }

  get decisions(): readonly Decision[] {
    return this.#decider.made;
  }

  /** Why the schedule could not be followed. */
  get broken(): unknown {
    return this.#decider.broken;
  }

  /** Goes on until the run is over, or async code has to settle before it is called again: then it is `false`. */
  goOn(): boolean {
    const hook = onTaskError((error, task) => this.labels.has(task.id) && this.#unjoined(error, task));
    this.#host.isStepping = true;
    try {
      return this.#loop();
    } finally {
      this.#host.isStepping = false;
      hook[dispose]();
    }
  }

  // ── the loop ──

  #loop(): boolean {
    this.#isSettled = true;
    this.#mustSettle = false;
    this.#host.drain();
    this.#checkForeign();
    for (;;) {
      if (this.#isOver()) return true;
      const next = this.#next();
      if (next === undefined) {
        const then = this.#idle();
        if (then !== "again") return then === "over";
        continue;
      }
      this.#still = 0;
      if (next === TIME) this.#moveTime();
      else this.#queue.grant(next);
      this.#drain();
      if (this.#mustSettle) return false;
    }
  }

  #drain(): void {
    try {
      this.#scheduler.wantDrain();
      this.#host.drain();
    } catch (error) {
      this.#fails("error", error, "an operation is broken");
    }
    this.#jobEnds();
  }

  #isOver(): boolean {
    if (this.steps > this.#limits.maxSteps) {
      const message = `the test has not ended after ${this.#limits.maxSteps} steps: it goes round in circles, or needs a larger maxSteps`;
      this.failure ??= { kind: "step limit", message };
    }
    if ((this.#body.flags & ENDED) !== 0) this.#lookAtBody();
    return this.failure !== undefined || this.broken !== undefined || this.#decider.isRepeat;
  }

  #lookAtBody(): void {
    const { settled } = this.#body;
    if (settled.status === "failed") this.#fails("error", settled.error, "the test failed");
    if (settled.status === "aborted") this.#fails("error", settled.reason, "the test was aborted");
  }

  #fails(kind: "error" | "unjoined", cause: unknown, what: string): void {
    const told = cause instanceof Error ? `${cause.name}: ${cause.message}` : show(cause);
    this.failure ??= { kind, message: `${what}: ${told}`, cause };
  }

  #unjoined(error: unknown, { id, name }: FailedTask): true {
    const label = this.labels.translate(`task ${id}`) + (name === undefined ? "" : ` (${name})`);
    this.#fails("unjoined", error, `${label} failed, and nobody joined it`);
    return true;
  }

  // ── nothing is ready ──

  #idle(): "again" | "settle" | "over" {
    const isMoved = this.#host.turn();
    if (!isMoved) {
      if (this.#hasEnded()) return "over";
      // Before time moves, or nothing ever will, whatever is foreign gets its turn.
      if (!this.#isSettled) return "settle";
      if (!this.#moveTime()) {
        if (this.#still++ < PATIENCE) return "settle";
        this.failure ??= standstill(this.#scheduler, this.labels, (this.#body.flags & ENDED) !== 0);
        return "over";
      }
    }
    this.#still = 0;
    this.#drain();
    return this.#hasAsync ? "settle" : "again";
  }

  /** Goes to the next timer that wakes somebody; `false` if there is no timer. Those of the wheel's own fire on the way. */
  #moveTime(): boolean {
    const [before, ready] = [this.steps, this.#queue.waiting.length];
    if (!this.#host.jump()) return false;
    do this.#drain();
    while (this.steps === before && this.#queue.waiting.length === ready && this.#host.jump());
    this.#trace?.timeIs(this.#host.now());
    return true;
  }

  /** Whether nobody is left who has to end: the body has, and so have all tasks that are no daemons. */
  #hasEnded(): boolean {
    if ((this.#body.flags & ENDED) === 0) return false;
    for (const task of tasksOf(this.#scheduler.tasks)) if (!task.daemon) return false;
    return true;
  }

  #checkForeign(): void {
    for (const task of this.#ran) this.failure ??= foreignWait(this.#scheduler, this.#queue, this.labels, task);
    this.#ran.clear();
  }

  // ── choices ──

  #next(): Candidate | undefined {
    // Async code may have been preempted since.
    this.#jobEnds();
    const instead = this.#instead;
    this.#instead = this.#preempted = undefined;
    if (instead !== undefined && (instead === TIME || this.#queue.has(instead))) return instead;
    const candidates = this.#candidates();
    if (candidates.length === 0 || candidates[0] === TIME) return undefined;
    const costsFrom = candidates.at(-1) === TIME ? candidates.length - 1 : candidates.length;
    return candidates[this.#decider.decide("pick", candidates.length, costsFrom, (i) => ownerAt(candidates, i)).choice];
  }

  #candidates(): readonly Candidate[] {
    const ready = this.#queue.candidates();
    return this.#limits.slowTasks && this.#host.timers > 0 ? [...ready, TIME] : ready;
  }

  /** An operation was found ready: whether its task pauses. */
  #pauses(): boolean {
    const current = this.#current;
    this.#wentOn = undefined;
    if (++this.steps > this.#limits.maxSteps) return true;
    if (this.#instead !== undefined) return this.#preempted === current;
    if (this.#isRetrying) {
      this.#isRetrying = false;
      return false;
    }
    const others = this.#candidates();
    if (others.length === 0) return false;
    if (++this.#readyInARow > MOST_READY) return this.#preempt(others[0] as Candidate);
    const decision = this.#decider.decide("preempt", others.length + 1, 1, (i) =>
      i === 0 ? current : ownerAt(others, i - 1),
    );
    if (decision.choice > 0) return this.#preempt(others[decision.choice - 1] as Candidate);
    this.#wentOn = decision;
    return false;
  }

  #preempt(instead: Candidate): true {
    this.#instead = instead;
    this.#preempted = this.#current;
    return true;
  }

  // ── what the queue tells ──

  made(task: Coroutine): void {
    this.labels.add(task);
  }

  begins(job: Job, isUrgent: boolean): void {
    this.#jobEnds();
    const task = ownerOf(job);
    this.#current = task;
    this.#readyInARow = 0;
    this.#isSettled = false;
    // It only says that the task may go on, which it does in the same step.
    if (isTurn(job)) return;
    this.steps++;
    this.#isRetrying = !isUrgent && job === task && (task.flags & RETRY) !== 0;
    if (!isGeneratorJob(job, task)) this.#hasAsync = true;
    if (this.#hasAsync) {
      this.#mustSettle = true;
      if (task !== undefined) this.#ran.add(task);
    }
    this.#trace?.begins(job, isUrgent, this.labels.of(task));
  }

  #jobEnds(): void {
    if (this.#preempted !== undefined && this.#preempted === this.#current) this.#trace?.preempted(this.#preempted);
    const wentOn = this.#wentOn;
    this.#wentOn = undefined;
    // What it asked for last is what it waits for now: that was not ready after all.
    if (wentOn !== undefined && this.#current?.gen !== undefined && (this.#current.flags & LINKED) !== 0)
      wentOn.isMoot = true;
  }
}

function ownerAt(candidates: readonly Candidate[], index: number): Coroutine | undefined {
  const candidate = candidates[index];
  return candidate === undefined || candidate === TIME ? undefined : ownerOf(candidate.job);
}
