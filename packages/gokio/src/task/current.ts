/**
 * What a piece of code can ask about where it runs: its task, and its context.
 *
 * @module
 */
import { Context, type ContextDeadline } from "../cancel/context.ts";
import type { CancelSource, Member } from "../kernel/cancel-source.ts";
import { currentRegion, running } from "../kernel/current.ts";
import type { Region } from "../kernel/region.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Self } from "./body.ts";
import { TaskSelf } from "./self.ts";
import { TaskRecord } from "./task.ts";

/**
 * The task whose code this is; `undefined` outside of tasks. What bodies get as `self`, for functions they call.
 *
 * Async code needs a runtime with AsyncLocalStorage, which browsers lack: there a task is known up to its first `await`.
 *
 * @example
 * ```ts
 * const log = (text: string) => console.log(`${currentTask()?.name ?? "main"}: ${text}`);
 * log("hello"); // main: hello
 * await spawn(async () => log("hello"), { name: "greeter" }); // greeter: hello
 * ```
 */
export function currentTask(): Self | undefined {
  const task = currentRecord();
  return task && new TaskSelf(task);
}

export function currentRecord(): TaskRecord | undefined {
  const task = running ?? currentRegion().task;
  return task instanceof TaskRecord ? task : undefined;
}

/**
 * What surrounds this code, as a context to derive from: it is cancelled with the task, and with the timeout, scope or `runIn` the code is in; its
 * values are the task-locals. Outside of tasks and blocks it is `Context.background`.
 *
 * @example
 * ```ts
 * const task = spawn(async () => {
 *   using ctx = currentContext().withTimeout(10);
 *   return await sleep(60_000, { signal: ctx }).then(String, (error) => error.name);
 * });
 * console.log(await task); // TimeoutError
 * ```
 */
export function currentContext(): Context {
  const region = currentRegion();
  if (region === region.scheduler.root) return Context.background;
  return new Context(region, region.locals, deadlineOf(region));
}

/** The earliest deadline among the region and all that would cancel it. */
function deadlineOf(region: Region): ContextDeadline | undefined {
  let at = Number.POSITIVE_INFINITY;
  for (
    let source: CancelSource | undefined = region;
    source !== undefined;
    source = (source as Partial<Member>).source
  ) {
    at = Math.min(at, (source as { until?: number }).until ?? at);
  }
  return at === Number.POSITIVE_INFINITY ? undefined : { at, date: dateOf(region.scheduler, at) };
}

function dateOf({ host }: Scheduler, at: number): number {
  return host.wallClock() + (at - host.now());
}
