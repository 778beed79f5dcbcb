/**
 * Work that a cancellation starts.
 *
 * @module
 */
import { checkFunction } from "../errors.ts";
import { Registration, type Signal, sourceOf } from "../kernel/abortable.ts";
import { surroundings } from "../kernel/current.ts";
import type { AnyBody, Body } from "./body.ts";
import { contextsFor } from "./inherit.ts";
import { spawnIn } from "./spawn.ts";
import type { TaskOptions } from "./task.ts";

/**
 * Runs `body` in a task of its own once `signal` is cancelled; at once, if it was before. The task has the task-locals of this call, with
 * `{ inherit: true }` also its AsyncLocalStorage contexts, and is not cancelled itself. Several calls do not know of each other.
 *
 * @returns how to stop that: `true` if it kept the body from being run, `false` if that has been started, or was stopped before.
 *
 * @example
 * ```ts
 * const ctx = Context.background.withCancel();
 * const stop = afterFunc(ctx, async () => console.log("cleaning up")); // cleaning up
 * ctx.cancel();
 * console.log(stop()); // false
 * ```
 *
 * @throws {TypeError} if `signal` is nothing that can cancel, or `body` is not a function.
 */
export function afterFunc<R>(signal: Signal, body: Body<R>, options?: TaskOptions): () => boolean {
  const source = sourceOf(signal);
  checkFunction("body", body);
  // Taken now: they are others later.
  const { scheduler, locals } = surroundings();
  const enter = contextsFor(options);
  let pending = true;
  const begin = (): void => {
    pending = false;
    enter(() => spawnIn({ scheduler, locals }, body as AnyBody, options));
  };
  const registration = new Registration(begin);
  if (source.cancellation === undefined) source.add(registration);
  else begin();
  return () => {
    source.remove(registration);
    const stopped = pending;
    pending = false;
    return stopped;
  };
}
