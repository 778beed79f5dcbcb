/**
 * Child tasks on behalf of async code: the generators that it hands to `with`, `use` and blocks.
 *
 * @module
 */
import { JoinAbortedError } from "../errors.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import type { Region } from "../kernel/region.ts";
import { isGenerator, isThenable, type Task } from "./body.ts";
import { join } from "./join-handle.ts";
import { TaskRegion } from "./region.ts";
import { spawnIn } from "./spawn.ts";

/** What a body's result comes to: a generator is run, and what is lazy starts. To be called inside `region`. */
export function settle(region: Region, result: unknown): unknown {
  if (isGenerator(result)) return runChild(region, result);
  return isThenable(result) ? result.then((value) => value) : result;
}

/** Runs `body` as a task that is cancelled with `region`, and waits for its end: cleanup and all, when it was. */
export function runChild(region: Region, body: Task<unknown>): Promise<unknown> {
  const child = spawnIn(region, () => body, region.daemon ? { daemon: true } : undefined, region);
  // The root needs no shield: it is never cancelled, and lists who is stuck.
  const around = region === region.scheduler.root ? region : TaskRegion.shield(region);
  return startIn(around, join(child)).then(undefined, (error) => {
    const cancelled = region.cancellation?.error;
    if (cancelled === undefined || !(error instanceof JoinAbortedError && error.cause === cancelled)) throw error;
    region.refused();
    throw cancelled;
  });
}
