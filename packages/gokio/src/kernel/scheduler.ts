/**
 * The scheduler: one run queue, drained in one microtask, and what hangs on it.
 *
 * Every wake goes through the run queue, whichever driver waits, and user code runs from nowhere else. A scheduler is an instance:
 * virtual time and exploration are the same class with another host. Cancelled waits go on before all others, in the order they were
 * cancelled, on a queue of their own.
 *
 *     wake ─▶ enqueue ─▶ (microtask) drain ─▶ job.run() … until empty ─▶ dry: arm the timer, report failures
 *                            ▲                    │
 *                            └──── macrotask ◀────┘ when the budget is spent
 *
 * 1. While a queue holds a job, exactly one drain is under way or due.
 * 2. After waits of async code were cancelled, a few microtasks pass before whoever is not urgent: so its cleanup, too, comes first.
 * 3. A drain that runs user code runs in the async context the library was loaded in, so that the context of whoever
 *    happened to wake first shows in nobody's task. Settling promises needs no such care, and skips it.
 *
 * @module
 */
import { platform } from "#platform";
import { Budget } from "./budget.ts";
import { type Host, realHost } from "./host.ts";
import { FreeRegion } from "./region.ts";
import { Ring } from "./ring.ts";
import { clearReady } from "./step.ts";
import { TaskList } from "./task-list.ts";

/** What the run queue holds. */
export interface Job {
  run(): void;
  /** Nothing that is left out. */
  readonly runsUserCode?: boolean;
}

/** What a scheduler has to know of its timers. */
export interface TimerSet {
  readonly size: number;
  arm(): void;
  /** Has the earliest timer hold the process, if there is one. */
  hold(): boolean;
}

/** How many microtasks it takes from a promise that is rejected to the code that awaits an operation; one that awaits the promise needs one. */
const LULL = 2;

const NO_TIMERS: TimerSet = { size: 0, arm() {}, hold: () => false };

export class Scheduler {
  readonly host: Host;
  readonly budget: Budget;
  /** The timers; see `timersOf`. A program that sets none does not load the wheel. */
  timers: TimerSet = NO_TIMERS;
  /** The region of all code outside of tasks. */
  readonly root: FreeRegion;
  /** Every task that has not ended. */
  readonly tasks = new TaskList();
  readonly #queue: Ring<Job>;
  readonly #urgent = new Ring<Job>();
  #scheduled = false;
  #lull = 0;
  #watched = false;

  /** Testing gives a queue and a budget that choose who goes next, and when somebody has to pause. */
  constructor(host: Host, queue = new Ring<Job>(), budget = new Budget(host)) {
    this.host = host;
    this.#queue = queue;
    this.budget = budget;
    this.root = new FreeRegion(this);
  }

  enqueue(job: Job): void {
    this.#queue.push(job);
    this.wantDrain();
  }

  /** Queues a job before all that are not urgent themselves: for waits that were cancelled. */
  enqueueFirst(job: Job): void {
    this.#urgent.push(job);
    this.wantDrain();
  }

  /** Whether anything is due to run. */
  get isIdle(): boolean {
    return !this.#scheduled;
  }

  /** From now on, tells of a deadlock when the process would otherwise end in silence. */
  watch(): void {
    if (this.#watched) return;
    this.#watched = true;
    platform.watch(this);
  }

  /** Makes sure that a drain comes, for what is done at its end. */
  wantDrain(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.host.microtask(this.#drain);
  }

  readonly #drain = (): void => {
    try {
      // Promises first: settling them runs no user code, and spares the change of context.
      if (this.#runJobs(false)) platform.isolated(this.#runAll);
    } catch (error) {
      // Jobs catch what user code throws; what arrives here is a broken host or operation, and must not stop everybody else.
      this.#scheduled = false;
      this.wantDrain();
      throw error;
    }
  };

  readonly #runAll = (): void => {
    this.#runJobs(true);
  };

  readonly #nextTurn = (): void => {
    this.budget.refill();
    this.#drain();
  };

  /** Runs jobs until none is left, the budget is spent, or one runs user code and may not; then it returns `true`. */
  #runJobs(userCode: boolean): boolean {
    const { budget } = this;
    const urgent = this.#urgent;
    const queue = this.#queue;
    for (;;) {
      let jobs = queue;
      if (urgent.length !== 0) {
        jobs = urgent;
        if (!(urgent.at(0) as Job).runsUserCode) this.#lull = LULL;
      } else if (jobs.length === 0) {
        this.#scheduled = false;
        this.#lull = 0;
        break;
      } else if (this.#lull !== 0) {
        this.#lull--;
        this.host.microtask(this.#drain);
        return false;
      }
      if (!userCode && (jobs.at(0) as Job).runsUserCode) return true;
      if (--budget.credit < 0 && budget.isExhausted()) {
        this.host.macrotask(this.#nextTurn);
        break;
      }
      jobs.shift().run();
    }
    clearReady();
    this.timers.arm();
    return false;
  }
}

/** The scheduler of everything that does not say otherwise. */
export const defaultScheduler = new Scheduler(realHost);
