/**
 * What a task does after its body has ended, and before it has.
 *
 * @module
 */
import type { Coroutine } from "../kernel/coroutine.ts";
import type { Yielded } from "../kernel/step.ts";
import { isGenerator, isGeneratorFunction, isThenable } from "./body.ts";
import { watching } from "./foreign.ts";

export class Deferred {
  readonly jobs: (() => unknown)[] = [];
  /** What the jobs threw. */
  readonly errors: unknown[] = [];
  /** That of the body, from when the jobs are begun. */
  outcome: { readonly slot: unknown; readonly failed: boolean } | undefined = undefined;

  /** Runs the jobs, the last one first, each to its end; one that throws does not keep the others from being run. */
  *run(task: Coroutine): Generator<Yielded, void, unknown> {
    for (let job = this.jobs.pop(); job !== undefined; job = this.jobs.pop()) {
      try {
        yield* runJob(task, job);
      } catch (error) {
        this.errors.push(error);
      }
    }
  }
}

function* runJob(task: Coroutine, job: () => unknown): Generator<Yielded, void, unknown> {
  const result = isGeneratorFunction(job) ? job() : task.callForeign(job);
  if (isGenerator(result)) yield* result;
  else if (isThenable(result)) yield* watching(result);
}
