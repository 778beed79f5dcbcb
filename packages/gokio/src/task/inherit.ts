/**
 * `{ inherit: true }`, for tasks that are started later than they are asked for.
 *
 * @module
 */
import { platform } from "#platform";
import type { Enter } from "../kernel/platform.ts";
import type { TaskOptions } from "./task.ts";

const plainly: Enter = (body) => body();

/** Taken when a task is asked for; a task that is spawned in a call of it has the async contexts of this moment, if it is to inherit any. */
export function contextsFor(options: { readonly inherit?: TaskOptions["inherit"] } | undefined): Enter {
  return options?.inherit === true ? platform.snapshot() : plainly;
}
