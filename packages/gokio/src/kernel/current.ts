/**
 * Who is running: the slot of the generator task that the scheduler is resuming, and the ambient region of everything else.
 *
 * @module
 */
import { platform } from "#platform";
import type { Coroutine } from "./coroutine.ts";
import type { Locals, Region } from "./region.ts";
import { defaultScheduler, type Scheduler } from "./scheduler.ts";

/** The generator task whose code is on the stack, if there is one. */
export let running: Coroutine | undefined;

export function setRunning(task: Coroutine | undefined): void {
  running = task;
}

/** What a new task or timer takes from here: the scheduler, and the task-locals. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly locals: Locals | undefined;
}

/** Cheaper than {@link currentRegion}: a generator task has no region until it needs one. */
export function surroundings(): Surroundings {
  return running ?? currentRegion();
}

export function currentScheduler(): Scheduler {
  return surroundings().scheduler;
}

/** The region that a wait started here and now belongs to. */
export function currentRegion(): Region {
  if (running !== undefined) return running.currentRegion();
  return (platform.ambient() as Region | undefined) ?? defaultScheduler.root;
}
