/**
 * The probe: the one door through which anything looks into a running scheduler.
 *
 * Diagnostics, testing and the console need to see tasks made, polled, parked, woken and ended; everybody else must not pay for that. So there is
 * no hook on the path, not even a test for one: the places are ordinary methods, and attaching a listener puts a method in front of
 * each. While nothing is attached, what runs is what would run if this file did not exist.
 *
 * Rejected: `if (probe !== undefined)` at each place costs a load and a branch per operation, and a subclass of each class for a probed
 * scheduler would make every call site see two shapes for ever.
 *
 * 1. Attaching and detaching may happen at any time. A listener sees what happens while it is attached; what was parked before, it finds
 *    in `scheduler.tasks`.
 * 2. Listeners must not throw, wait, or settle anything.
 *
 * @module
 */

import { Coroutine } from "./coroutine.ts";
import { dispose } from "./dispose.ts";
import type { Operation } from "./operation.ts";
import { PromiseWaiter } from "./promise-waiter.ts";
import { type LiveTask, TaskList } from "./task-list.ts";
import { DrivenWaiter } from "./waiter.ts";

export interface ProbeListener {
  /** A task has been made; it has not run. */
  made?(task: LiveTask): void;
  /** A generator task is about to be resumed. */
  polled?(task: Coroutine): void;
  /** A generator task, or a promise of some code, is parked on `op`. */
  parked?(waiter: DrivenWaiter, op: Operation<unknown>): void;
  /** A parked waiter has been settled, or cancelled, and is queued. */
  woken?(waiter: DrivenWaiter, cancelled: boolean): void;
  /** A task has ended, and nobody has been told yet. */
  ended?(task: LiveTask): void;
}

const listeners = new Set<ProbeListener>();
let restore: (() => void)[] = [];

/** Tells `listener` from now on; dispose the result to stop. */
export function attachProbe(listener: ProbeListener): Disposable {
  listeners.add(listener);
  if (listeners.size === 1) instrument();
  return {
    [dispose]: () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      for (const undo of restore) undo();
      restore = [];
    },
  };
}

function instrument(): void {
  before(TaskList.prototype, "add", (_list, task) => each((to) => to.made?.(task)));
  before(TaskList.prototype, "remove", (_list, task) => each((to) => to.ended?.(task)));
  before(Coroutine.prototype, "run", (task) => each((to) => to.polled?.(task)));
  for (const waiters of [Coroutine.prototype, PromiseWaiter.prototype] as Coroutine[]) {
    before(waiters, "park", (waiter, op) => each((to) => to.parked?.(waiter, op)));
  }
  before(DrivenWaiter.prototype, "wake", (waiter) => each((to) => to.woken?.(waiter, false)));
  before(DrivenWaiter.prototype, "leave", (waiter) => each((to) => to.woken?.(waiter, true)));
}

function each(tell: (listener: ProbeListener) => void): void {
  for (const listener of listeners) tell(listener);
}

// biome-ignore lint/suspicious/noExplicitAny: it stands in front of methods of any kind.
type AnyMethod = (...args: any[]) => unknown;
type MethodName<T> = { [K in keyof T]: T[K] extends AnyMethod ? K : never }[keyof T];
type Arguments<M> = M extends (...args: infer A) => unknown ? A : never;

/** Calls `tell` with the receiver and the arguments before each call of a method. */
function before<T extends object, K extends MethodName<T>>(
  prototype: T,
  name: K,
  tell: (self: T, ...args: Arguments<T[K]>) => void,
): void {
  const original = prototype[name] as AnyMethod;
  prototype[name] = function (this: T, ...args: Arguments<T[K]>) {
    tell(this, ...args);
    return original.apply(this, args);
  } as T[K];
  restore.push(() => {
    prototype[name] = original as T[K];
  });
}
