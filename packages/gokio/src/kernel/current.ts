/**
 * Who is running: the slot of the generator task that the scheduler is resuming, and the ambient region of everything else.
 *
 * @module
 */
import { platform } from "#platform";
import type { Coroutine } from "./coroutine.ts";
import type { Region } from "./region.ts";
import { defaultScheduler } from "./scheduler.ts";

/** The generator task whose code is on the stack, if there is one. */
export let running: Coroutine | undefined;

export function setRunning(task: Coroutine | undefined): void {
  running = task;
}

/** The region that a wait started here and now belongs to. */
export function currentRegion(): Region {
  if (running !== undefined) return running.currentRegion();
  return (platform.ambient() as Region | undefined) ?? defaultScheduler.root;
}
