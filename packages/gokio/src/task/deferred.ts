/**
 * What a task does after its body has ended, and before it has.
 *
 * @module
 */
import { advance, resume } from "../kernel/advance.ts";
import { FAILED } from "../kernel/coroutine-flags.ts";
import { Call } from "../kernel/frame.ts";
import type { Yielded } from "../kernel/step.ts";
import { Err } from "../result.ts";
import { TaskRegion } from "./region.ts";
import { runBody } from "./run-body.ts";
import type { TaskRecord } from "./task.ts";

export class Deferred {
  readonly jobs: (() => unknown)[] = [];
  /** What the jobs threw. */
  readonly errors: unknown[] = [];
  /** That of the body, from when the jobs are begun. */
  outcome: { readonly slot: unknown; readonly failed: boolean } | undefined = undefined;

  /**
   * Called when the task is about to end: `true` once everything has been run. Until then the task runs the jobs, as a generator, shielded, and
   * comes here again. The outcome stands aside; an abort that comes now comes too late.
   */
  isThrough(task: TaskRecord): boolean {
    if (this.outcome === undefined) {
      this.#start(task);
      return false;
    }
    const { slot, failed } = this.outcome;
    task.slot = slot;
    if (failed) task.flags |= FAILED;
    for (const error of this.errors) task.cleanupFailed(error);
    return true;
  }

  #start(task: TaskRecord): void {
    this.outcome = { slot: task.slot, failed: (task.flags & FAILED) !== 0 };
    task.slot = undefined;
    task.flags &= ~FAILED;
    const run = (): void => {
      task.region = TaskRegion.shield(task);
      task.gen = this.run();
      advance(task, resume(task));
    };
    task.scheduler.enqueueFirst({ runsUserCode: true, run });
  }

  /** Runs the jobs, the last one first, each to its end; one that fails does not keep the others from being run. */
  *run(): Generator<Yielded, void, unknown> {
    for (let job = this.jobs.pop(); job !== undefined; job = this.jobs.pop()) {
      const body = job;
      try {
        const outcome = yield* new Call(() => runBody(body));
        // There is nobody to take it for a value.
        if (outcome instanceof Err) outcome.unwrap();
      } catch (error) {
        this.errors.push(error);
      }
    }
  }
}
