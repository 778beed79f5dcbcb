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
 * Taken down, it leaves nothing behind, not even in what the engine makes of the methods: they are bound and inlined as before.
 *
 * 1. Attaching and detaching may happen at any time. A listener sees what happens while it is attached; what was parked before, it finds
 *    in `scheduler.tasks`.
 * 2. Listeners must not throw, wait, or settle anything.
 *
 * @module
 */

import { Budget } from "./budget.ts";
import { Coroutine } from "./coroutine.ts";
import { dispose } from "./dispose.ts";
import { Operation } from "./operation.ts";
import { PromiseWaiter } from "./promise-waiter.ts";
import { type Job, Scheduler } from "./scheduler.ts";
import { type LiveTask, TaskList } from "./task-list.ts";
import { DrivenWaiter } from "./waiter.ts";

export interface ProbeListener {
  /** A task has been made; it has not run. */
  made?(task: LiveTask): void;
  /** A generator task is about to be resumed. */
  polled?(task: Coroutine): void;
  /** A promise of some code is about to be settled. */
  resumed?(waiter: PromiseWaiter<unknown>): void;
  /** What was told to be polled or resumed has paused, or ended. */
  ran?(waiter: DrivenWaiter): void;
  /** A generator task, or a promise of some code, is parked on `op`. */
  parked?(waiter: DrivenWaiter, op: Operation<unknown>): void;
  /** A parked waiter has been settled, or cancelled, and is queued. */
  woken?(waiter: DrivenWaiter, cancelled: boolean): void;
  /** A task has ended, and nobody has been told yet. */
  ended?(task: LiveTask): void;
  /**
   * Somebody is about to await something lazy: its `then` is read at once, from the frame of the `await`, and called later, from an empty stack. What is
   * returned is called in place of that `then`, and has to call it.
   */
  awaited?(): (then: () => unknown) => unknown;
  /** `job` is put on the run queue. */
  queued?(scheduler: Scheduler, job: Job): void;
  /** An idle scheduler gets something to do. */
  roused?(scheduler: Scheduler): void;
  /** A budget was spent, and the event loop has had a turn; or a scheduler is made with it. */
  refilled?(budget: Budget): void;
}

const listeners = new Set<ProbeListener>();
const thenables: Thenable[] = [Operation.prototype];
let restore: (() => void)[] = [];

// biome-ignore lint/suspicious/noExplicitAny: it stands in front of methods of any kind.
type AnyMethod = (...args: any[]) => unknown;
type Thenable = { then: AnyMethod };

/** Has `awaited` tell of `prototype`, too: of something lazy that later layers have. For good. */
export function watchAwaits(prototype: Thenable): void {
  thenables.push(prototype);
  if (listeners.size > 0) whenRead(prototype);
}

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
  before(PromiseWaiter.prototype, "run", (waiter) => each((to) => to.resumed?.(waiter)));
  for (const waiters of [Coroutine.prototype, PromiseWaiter.prototype] as Coroutine[]) {
    after(waiters, "run", (waiter) => each((to) => to.ran?.(waiter)));
    before(waiters, "park", (waiter, op) => each((to) => to.parked?.(waiter, op)));
  }
  before(DrivenWaiter.prototype, "wake", (waiter) => each((to) => to.woken?.(waiter, false)));
  before(DrivenWaiter.prototype, "leave", (waiter) => each((to) => to.woken?.(waiter, true)));
  for (const name of ["enqueue", "enqueueFirst"] as const) {
    before(Scheduler.prototype, name, (scheduler, job) => each((to) => to.queued?.(scheduler, job)));
  }
  before(Scheduler.prototype, "wantDrain", (scheduler) => {
    if (scheduler.isIdle) each((to) => to.roused?.(scheduler));
  });
  before(Budget.prototype, "refill", (budget) => each((to) => to.refilled?.(budget)));
  for (const prototype of thenables) whenRead(prototype);
}

function each(tell: (listener: ProbeListener) => void): void {
  for (const listener of listeners) tell(listener);
}

type MethodName<T> = { [K in keyof T]: T[K] extends AnyMethod ? K : never }[keyof T];
type Arguments<M> = M extends (...args: infer A) => unknown ? A : never;

/** Calls `tell` with the receiver and the arguments before each call of a method. */
function before<T extends object, K extends MethodName<T>>(
  prototype: T,
  name: K,
  tell: (self: T, ...args: Arguments<T[K]>) => void,
): void {
  replace(
    prototype,
    name,
    (original) =>
      function (this: T, ...args: Arguments<T[K]>) {
        tell(this, ...args);
        return original.apply(this, args);
      },
  );
}

/** Calls `tell` with the receiver after each call of a method. */
function after<T extends object, K extends MethodName<T>>(prototype: T, name: K, tell: (self: T) => void): void {
  replace(
    prototype,
    name,
    (original) =>
      function (this: T, ...args: Arguments<T[K]>) {
        const result = original.apply(this, args);
        tell(this);
        return result;
      },
  );
}

function replace<T extends object, K extends MethodName<T>>(
  prototype: T,
  name: K,
  by: (original: AnyMethod) => unknown,
): void {
  const original = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
  prototype[name] = by(original.value) as T[K];
  // The last that was put up is the first that is taken down: two may stand in front of the same method.
  restore.unshift(() => {
    // Not assigned: the engine would never again take it for a constant that calls can be bound to.
    delete (prototype as Partial<T>)[name];
    Object.defineProperty(prototype, name, original);
  });
}

/** Asks the listeners each time that `then` is read, and has them call it. */
function whenRead(prototype: Thenable): void {
  const original = Object.getOwnPropertyDescriptor(prototype, "then") as PropertyDescriptor;
  Object.defineProperty(prototype, "then", {
    configurable: true,
    get(this: Thenable) {
      const around = [...listeners].flatMap((to) => to.awaited?.() ?? []);
      return (...args: unknown[]) => {
        let call = (): unknown => original.value.apply(this, args);
        for (const wrap of around) {
          const inner = call;
          call = () => wrap(inner);
        }
        return call();
      };
    },
  });
  restore.unshift(() => {
    delete (prototype as Partial<Thenable>).then;
    Object.defineProperty(prototype, "then", original);
  });
}
