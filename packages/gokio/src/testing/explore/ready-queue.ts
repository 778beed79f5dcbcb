/**
 * The run queue of a scheduler that is explored: what is ready waits here until the run grants one job its turn.
 *
 * The scheduler drains its queue until that says it is empty. This one says so at all times, except when a job was granted, or
 * a cancelled wait is due: those go first and in order, as everywhere, so they are nobody's choice.
 *
 * 1. Between two jobs the drain asks for `length`, and whether the budget is spent; {@link ReadyQueue.isBetweenJobs} tells that question from
 *    an operation's.
 * 2. `yieldNow` queues a turn, which wakes the waiter, which is queued: for whoever explores that is one step. So what a turn wakes goes on at once.
 *
 * @module
 */
import { Coroutine } from "../../kernel/coroutine.ts";
import { NEW } from "../../kernel/coroutine-flags.ts";
import { PromiseWaiter } from "../../kernel/promise-waiter.ts";
import { Branch } from "../../kernel/race.ts";
import { Ring } from "../../kernel/ring.ts";
import type { Job } from "../../kernel/scheduler.ts";
import type { Waiter } from "../../kernel/waiter.ts";
import { isGeneratorFunction, type Spawned } from "../../task/body.ts";

/** A job that waits for its turn. */
export class Ready {
  readonly job: Job;
  /** How many jobs had become ready before. */
  readonly since: number;
  /** Whose yield this is the end of. */
  readonly yieldOf: Coroutine | undefined;

  constructor(job: Job, since: number, yieldOf: Coroutine | undefined) {
    this.job = job;
    this.since = since;
    this.yieldOf = yieldOf;
  }
}

/** What the run is told. */
export interface QueueListener {
  /** A task is queued for the first time. */
  made(task: Coroutine): void;
  /** `job` is about to run. */
  begins(job: Job, isUrgent: boolean): void;
}

/** How often a task may go on from a yield while somebody else stays ready, before that one goes first: else a loop that polls would have no end. */
export const MOST_YIELDS = 4;

export class ReadyQueue extends Ring<Job> {
  /** What is ready, the oldest first. */
  readonly waiting: Ready[] = [];
  isBetweenJobs = false;
  readonly #listener: QueueListener;
  readonly #urgent: Job[] = [];
  #granted: Job | undefined = undefined;
  /** Whose yield is ending: what wakes it is its own next job. */
  #yielding: Coroutine | undefined = undefined;
  #pushed = 0;
  #turns = 0;
  /** When each task that yields did so last, the oldest first; at most one more than {@link MOST_YIELDS}. */
  readonly #yields = new Map<Coroutine, number[]>();

  constructor(listener: QueueListener) {
    super();
    this.#listener = listener;
  }

  // ── what the scheduler sees ──

  override get length(): number {
    const isDue = this.#urgent.length > 0 || this.#granted !== undefined;
    this.#yielding = undefined;
    this.isBetweenJobs = isDue;
    return isDue ? 1 : 0;
  }

  override at(_index: number): Job | undefined {
    return this.#urgent[0] ?? this.#granted;
  }

  override shift(): Job {
    const urgent = this.#urgent.shift();
    const job = urgent ?? (this.#granted as Job);
    if (urgent === undefined) this.#granted = undefined;
    this.isBetweenJobs = false;
    this.#listener.begins(job, urgent !== undefined);
    if (urgent === undefined) this.#yielding = yieldOf(job);
    return job;
  }

  override push(job: Job): void {
    if (job instanceof Coroutine && (job.flags & NEW) !== 0) this.#listener.made(job);
    if (this.#yielding !== undefined && ownerOf(job) === this.#yielding && !isTurn(job)) {
      this.#yielding = undefined;
      this.#granted = job;
      return;
    }
    const task = yieldOf(job);
    this.waiting.push(new Ready(job, this.#pushed++, task));
    if (!isTurn(job)) return;
    this.#turns++;
    if (task !== undefined) this.#noteYield(task);
  }

  pushUrgent(job: Job): void {
    this.#urgent.push(job);
  }

  // ── what the run sees ──

  /** Those among which may be chosen, the oldest first. */
  candidates(): readonly Ready[] {
    if (this.#turns === 0) return this.waiting;
    for (let i = this.waiting.length - 1; i >= 0; i--) {
      const { job } = this.waiting[i] as Ready;
      // The yield was cancelled: nobody waits for this turn.
      if (isTurn(job) && job.waiter === undefined) this.#remove(i);
    }
    return this.waiting.filter((ready) => !this.#hasYieldedEnough(ready));
  }

  has(ready: Ready): boolean {
    return this.waiting.includes(ready) && !(isTurn(ready.job) && ready.job.waiter === undefined);
  }

  /** `ready` is to run in the next drain. */
  grant(ready: Ready): void {
    this.#remove(this.waiting.indexOf(ready));
    this.#granted = ready.job;
  }

  #remove(index: number): void {
    const [removed] = this.waiting.splice(index, 1);
    if (removed !== undefined && isTurn(removed.job)) this.#turns--;
  }

  #noteYield(task: Coroutine): void {
    const times = this.#yields.get(task);
    if (times === undefined) this.#yields.set(task, [this.#pushed]);
    else if (times.push(this.#pushed) > MOST_YIELDS + 1) times.shift();
  }

  /** Whether the task has yielded so often while another was ready that it is the other's turn. */
  #hasYieldedEnough({ yieldOf: task }: Ready): boolean {
    const times = task && this.#yields.get(task);
    if (times === undefined || times.length <= MOST_YIELDS) return false;
    const oldest = this.waiting.find((other) => other.yieldOf !== task);
    return oldest !== undefined && oldest.since < (times[0] as number) - 1;
  }
}

/** What `yieldNow` puts on the queue; see `task/yield-now.ts`. It stands for its waiter, if that still waits. */
export interface Turn extends Job {
  readonly waiter: Waiter | undefined;
}

export function isTurn(job: Job): job is Turn {
  return "waiter" in job;
}

function yieldOf(job: Job): Coroutine | undefined {
  return isTurn(job) ? ownerOf(job) : undefined;
}

/** The task that goes on when `job` runs; `undefined` for what is no task's. */
export function ownerOf(job: Job): Coroutine | undefined {
  if (job instanceof Coroutine) return job;
  let waiter: unknown = isTurn(job) ? job.waiter : job;
  while (waiter instanceof Branch) waiter = waiter.race.outer;
  if (waiter instanceof Coroutine) return waiter;
  return waiter instanceof PromiseWaiter ? waiter.region.task : undefined;
}

/** Whether `job` runs code of generators alone. */
export function isGeneratorJob(job: Job, task: Coroutine | undefined): boolean {
  if (job !== task) return false;
  if ((task.flags & NEW) === 0) return task.gen !== undefined;
  const body = task.slot as Spawned;
  return typeof body === "object" || isGeneratorFunction(body);
}
