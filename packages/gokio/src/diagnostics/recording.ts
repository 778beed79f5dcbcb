/**
 * Recording: the counts and the times that can only be had by watching.
 *
 * A *turn* is a stretch in which the scheduler runs tasks without giving the event loop a chance: it begins when the queue of an idle scheduler
 * gets its first job, or after a budget yield, and lasts until the last job of that stretch is through. The *delay* of a job is the time between its wake and
 * its run.
 *
 * @module
 */
import type { Budget } from "../kernel/budget.ts";
import { currentScheduler } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { attachProbe, type ProbeListener } from "../kernel/probe.ts";
import type { Job, Scheduler } from "../kernel/scheduler.ts";
import type { LiveTask } from "../kernel/task-list.ts";
import type { DrivenWaiter } from "../kernel/waiter.ts";
import { Histogram } from "./histogram.ts";
import { KnownChannels } from "./known-channels.ts";
import { whileTracing } from "./trace.ts";

/** What is recorded of one scheduler. */
export class Counts {
  /** When recording began, on the scheduler's clock. */
  readonly since: number;
  tasksMade = 0;
  tasksEnded = 0;
  polls = 0;
  parks = 0;
  cancelledWaits = 0;
  budgetYields = 0;
  longestTurn = 0;
  readonly delays = new Histogram();
  /** The channels that somebody has waited on. */
  readonly channels = new KnownChannels();
  /** When the present turn began, if a job of its has run. */
  turnBegan: number | undefined = undefined;
  /** When the jobs on the queue were put there. */
  readonly queuedAt = new WeakMap<Job, number>();

  constructor(since: number) {
    this.since = since;
  }
}

/** What is recorded of each scheduler. A scheduler is known by its budget, which is all there is to see of it when that is refilled. */
class Recorder implements ProbeListener {
  readonly #counts = new WeakMap<Budget, Counts>();

  of({ budget, host }: Scheduler): Counts {
    let counts = this.#counts.get(budget);
    if (counts === undefined) {
      counts = new Counts(host.now());
      this.#counts.set(budget, counts);
    }
    return counts;
  }

  made(task: LiveTask): void {
    this.of(task.scheduler).tasksMade++;
  }

  ended(task: LiveTask): void {
    this.of(task.scheduler).tasksEnded++;
  }

  parked(waiter: DrivenWaiter, op: Operation<unknown>): void {
    const counts = this.of(waiter.scheduler);
    counts.parks++;
    counts.channels.add(op);
  }

  woken(waiter: DrivenWaiter, cancelled: boolean): void {
    if (cancelled) this.of(waiter.scheduler).cancelledWaits++;
  }

  queued(scheduler: Scheduler, job: Job): void {
    this.of(scheduler).queuedAt.set(job, scheduler.host.now());
  }

  polled(task: DrivenWaiter): void {
    const { scheduler } = task;
    const counts = this.of(scheduler);
    const now = scheduler.host.now();
    counts.polls++;
    counts.turnBegan ??= now;
    const queuedAt = counts.queuedAt.get(task);
    if (queuedAt !== undefined) counts.delays.add(now - queuedAt);
  }

  resumed(waiter: DrivenWaiter): void {
    this.polled(waiter);
  }

  ran({ scheduler }: DrivenWaiter): void {
    const counts = this.of(scheduler);
    const { turnBegan } = counts;
    if (turnBegan !== undefined) counts.longestTurn = Math.max(counts.longestTurn, scheduler.host.now() - turnBegan);
  }

  roused(scheduler: Scheduler): void {
    this.of(scheduler).turnBegan = undefined;
  }

  refilled(budget: Budget): void {
    const counts = this.#counts.get(budget);
    if (counts === undefined) return;
    counts.budgetYields++;
    counts.turnBegan = undefined;
  }
}

let recorder: Recorder | undefined;
let users = 0;

/**
 * Starts to count what {@link metrics} otherwise doesn't know: the members of `recorded`. Dispose the result to stop. Counting starts at zero with the first
 * who records, and goes on until the last has stopped. Tracing records, too.
 *
 * @example
 * ```ts
 * import { metrics, record } from "gokio/diagnostics";
 *
 * const recording = record();
 * await spawn(function* () {
 *   yield* sleep(1);
 * });
 * console.log(metrics().recorded?.tasksEnded); // 1
 * recording[Symbol.dispose]();
 * console.log(metrics().recorded); // undefined
 * ```
 */
export function record(): Disposable {
  if (users++ === 0) start();
  let isOver = false;
  return {
    [dispose]: () => {
      if (isOver) return;
      isOver = true;
      if (--users === 0) stop?.[dispose]();
    },
  };
}

let stop: Disposable | undefined;

function start(): void {
  recorder = new Recorder();
  recorder.of(currentScheduler());
  const probe = attachProbe(recorder);
  stop = {
    [dispose]: () => {
      probe[dispose]();
      recorder = stop = undefined;
    },
  };
}

/** What is recorded of `scheduler`; `undefined` while nobody records. */
export function countsOf(scheduler: Scheduler): Counts | undefined {
  return recorder?.of(scheduler);
}

whileTracing(record);
