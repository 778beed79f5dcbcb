/**
 * The fault of being cancelled: tasks of a simulation that are aborted while they wait.
 *
 * The kernel's probe tells of each wait that parks. Whether its task is aborted is drawn there and then; it is done a microtask later, when the wait is
 * linked. One that is over by then is left alone.
 *
 * @module
 */
import type { Operation } from "../kernel/operation.ts";
import { attachProbe } from "../kernel/probe.ts";
import { PromiseWaiter } from "../kernel/promise-waiter.ts";
import type { DrivenWaiter } from "../kernel/waiter.ts";
import { TaskRecord } from "../task/task.ts";
import type { Bubble } from "./bubble.ts";
import type { FaultOptions, Faults } from "./faults.ts";

/** Aborts tasks of `bubble`, but for those of `spared`. Dispose the result to stop. */
export function cancelTasks(
  bubble: Bubble,
  faults: Faults,
  options: NonNullable<FaultOptions["cancelTasks"]>,
  spared: (task: TaskRecord) => boolean,
): Disposable {
  const { p, names } = typeof options === "number" ? { p: options, names: undefined } : options;
  const mayBe = (task: TaskRecord | undefined): task is TaskRecord =>
    task !== undefined && !spared(task) && (names === undefined || names.includes(task.name ?? ""));
  return attachProbe({
    parked(waiter, op) {
      if (waiter.scheduler !== bubble.scheduler) return;
      const task = taskOf(waiter);
      if (!mayBe(task) || !faults.happens(p)) return;
      bubble.host.microtask(() => {
        if (waiter.op === op) abort(task, op, faults);
      });
    },
  });
}

function abort(task: TaskRecord, op: Operation<unknown>, faults: Faults): void {
  const where = op.describe();
  if (task.abort(new Error("a fault of the simulation"))) {
    faults.note("cancelled", `${task.label} was cancelled in ${where}`);
  }
}

function taskOf(waiter: DrivenWaiter): TaskRecord | undefined {
  const task = waiter instanceof PromiseWaiter ? waiter.region.task : waiter;
  return task instanceof TaskRecord ? task : undefined;
}
