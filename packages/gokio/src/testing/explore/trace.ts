/**
 * What happens in a run, a line a step, for people.
 *
 *     1  task 1 (test)  starts
 *     2  task 2 (a)     starts; is preempted before: lock on mutex
 *     3  task 3 (b)     starts; ends
 *
 * @module
 */
import { Coroutine } from "../../kernel/coroutine.ts";
import { FAILED, NEW, RETRY } from "../../kernel/coroutine-flags.ts";
import { dispose } from "../../kernel/dispose.ts";
import type { Operation } from "../../kernel/operation.ts";
import { attachProbe } from "../../kernel/probe.ts";
import type { Job, Scheduler } from "../../kernel/scheduler.ts";

interface Step {
  readonly who: string;
  readonly what: string[];
  isPreempted?: boolean;
}

export class Trace {
  readonly #steps: Step[] = [];
  /** What each was parked on last. */
  readonly #waits = new WeakMap<object, string>();
  #began = 0;
  #probe: Disposable | undefined = undefined;

  /** Listens to what parks on `scheduler`, until {@link close}. */
  listen(scheduler: Scheduler): void {
    this.#began = scheduler.host.now();
    this.#probe = attachProbe({
      parked: (waiter, op) => {
        if (waiter.scheduler === scheduler) this.#parked(waiter, op);
      },
      ended: (task) => {
        if (task.scheduler === scheduler) this.note((task.flags & FAILED) === 0 ? "ends" : "fails");
      },
    });
  }

  close(): void {
    this.#probe?.[dispose]();
  }

  #parked(waiter: object, op: Operation<unknown>): void {
    const wait = op.describe();
    this.#waits.set(waiter, wait);
    this.note(`waits: ${wait}`);
  }

  /** `job`, of somebody called `who`, is about to run. */
  begins(job: Job, isUrgent: boolean, who: string): void {
    this.#steps.push({ who, what: [this.#reasonOf(job, isUrgent)] });
  }

  timeIs(now: number): void {
    this.#steps.push({ who: "the clock", what: [`goes to ${now - this.#began} ms`] });
  }

  #reasonOf(job: Job, isUrgent: boolean): string {
    if (job instanceof Coroutine) {
      if ((job.flags & NEW) !== 0) return "starts";
      if ((job.flags & RETRY) !== 0) return `${isUrgent ? "is cancelled in" : "tries"}: ${job.op?.describe()}`;
    }
    const wait = this.#waits.get(job);
    return wait === undefined ? "goes on" : `goes on from: ${wait}`;
  }

  /** The step under way was the last of `task` for now, by choice; told any number of times. */
  preempted(task: Coroutine): void {
    const step = this.#steps.at(-1);
    if (step === undefined || step.isPreempted === true) return;
    step.isPreempted = true;
    // A generator task pauses before it tries; async code, which cannot, when it has done it.
    const op = task.gen === undefined ? undefined : task.op;
    this.note(op === undefined ? "is preempted after what it did" : `is preempted before: ${op.describe()}`);
  }

  /** Something happened in the step under way. */
  note(what: string): void {
    this.#steps.at(-1)?.what.push(what);
  }

  lines(translate: (text: string) => string): string[] {
    const width = Math.max(0, ...this.#steps.map(({ who }) => who.length));
    const digits = String(this.#steps.length).length + 2;
    return this.#steps.map(({ who, what }, i) => {
      return `${String(i + 1).padStart(digits)}  ${who.padEnd(width)}  ${translate(what.join("; "))}`;
    });
  }
}
