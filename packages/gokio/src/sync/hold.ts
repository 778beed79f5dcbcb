/**
 * Who holds what: the tasks that have taken a lock or a permit and not given it back.
 *
 * It is noted with each lock and permit who took it: the generator task that ran, the waiter that was served, or else the region of the code that
 * asked. What is passed on with `spawn(…, { move: guard })` is its new task's. What is passed on otherwise, in a closure or over a channel, is still taken for the
 * task's that took it; only where that has ended with it as its value is it known to be somebody else's.
 *
 *     Holds: newest ─▶ Hold ─▶ Hold ─▶ undefined          pushed and removed in O(1)
 *
 * @module
 */
import { currentRegion, running } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import type { PromiseWaiter } from "../kernel/promise-waiter.ts";
import { Branch } from "../kernel/race.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { type TaskList, tasksOf } from "../kernel/task-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { TaskRecord } from "../task/task.ts";

/** Of more holders none is named: whoever asks, asks for each of those who wait. */
const MOST = 100;

/** Whoever takes something here and now. */
export function taker(): unknown {
  return running ?? currentRegion();
}

/** The waiter that goes on when `waiter` is served: that of the whole select, if this is one of its cases. */
export function outermost(waiter: unknown): unknown {
  let whole = waiter;
  while (whole instanceof Branch) whole = whole.race.outer;
  return whole;
}

/** The task behind `owner`: a task, a waiter, or a region. `undefined` if it is code outside of tasks. */
export function driverOf(owner: unknown): TaskRecord | undefined {
  const whole = outermost(owner);
  if (whole instanceof TaskRecord) return whole;
  if (whole === undefined) return undefined;
  const { region, task = region?.task } = whole as Partial<PromiseWaiter<unknown>> & { task?: unknown };
  return task instanceof TaskRecord ? task : undefined;
}

/** What was moved into the live tasks of one scheduler, as long as these are the live tasks: new ones change who is newest, ended ones how many there are. */
interface Moved {
  readonly newest: WeakRef<object> | undefined;
  readonly size: number;
  readonly into: WeakMap<Disposable, WeakRef<TaskRecord>>;
}

const movedOf = new WeakMap<TaskList, Moved>();

function indexOf(tasks: TaskList): Moved {
  const into = new WeakMap<Disposable, WeakRef<TaskRecord>>();
  for (const task of tasksOf(tasks) as Iterable<TaskRecord>) {
    for (const thing of task.extra?.moved ?? []) into.set(thing, new WeakRef(task));
  }
  const index = { newest: tasks.newest && new WeakRef(tasks.newest), size: tasks.size, into };
  movedOf.set(tasks, index);
  return index;
}

/** The live task that will dispose `thing` at its end; `undefined` if it was moved into none. */
export function movedTo(thing: Disposable, { tasks }: Scheduler): TaskRecord | undefined {
  let index = movedOf.get(tasks);
  // Whoever asks for one who waits asks for all of them.
  if (index?.size !== tasks.size || index.newest?.deref() !== tasks.newest) index = indexOf(tasks);
  return index.into.get(thing)?.deref();
}

/** Who holds what code outside of tasks has taken. */
export const OUTSIDE: object = Object.freeze({ describe: () => "code outside of tasks" });

/** The task that has `thing`, which `owner` took, or {@link OUTSIDE}; `undefined` if that is not known. */
export function holderOf(thing: Disposable, owner: unknown): object | undefined {
  if (owner === undefined) return undefined;
  const now = movedTo(thing, (owner as { readonly scheduler: Scheduler }).scheduler);
  if (now !== undefined) return now;
  const task = driverOf(owner);
  if (task === undefined) return OUTSIDE;
  return task.finished && mentions(task.slot, thing) ? undefined : task;
}

/** Whether `value` is `thing`, or has it as a member. */
function mentions(value: unknown, thing: unknown): boolean {
  if (value === thing) return true;
  return typeof value === "object" && value !== null && Object.values(value).includes(thing);
}

/** Something that was taken, such as a guard, as a member of the list of all that were. */
export abstract class Hold implements Disposable {
  /** @internal A task, a waiter or a region. */
  readonly owner: unknown;
  /** @internal Whether the owner took it for itself. The methods give a promise, which may be for somebody else. */
  readonly isOwned: boolean;
  /** @internal */
  newer: Hold | undefined = undefined;
  /** @internal */
  older: Hold | undefined = undefined;

  /** @internal */
  constructor(holds: Holds, owner: unknown, isOwned: boolean) {
    this.owner = owner;
    this.isOwned = isOwned;
    holds.add(this);
  }

  abstract [dispose](): void;
}

/** Those who have taken one of several. */
export class Holds {
  newest: Hold | undefined = undefined;

  add(hold: Hold): void {
    const { newest } = this;
    hold.older = newest;
    if (newest !== undefined) newest.newer = hold;
    this.newest = hold;
  }

  remove(hold: Hold): void {
    const { newer, older } = hold;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    if (older !== undefined) older.newer = newer;
    hold.newer = hold.older = undefined;
  }

  /** Those who hold something; `undefined` if not all are known, or they are very many. */
  get holders(): Set<object> | undefined {
    const holders = new Set<object>();
    let count = 0;
    for (let hold = this.newest; hold !== undefined; hold = hold.older) {
      const holder = ++count > MOST ? undefined : holderOf(hold, hold.owner);
      if (holder === undefined) return undefined;
      holders.add(holder);
    }
    return holders;
  }

  /** Whether `waiter` itself, a generator task, holds something that it has not moved to another. Of very many, the newest are looked at. */
  has(waiter: Waiter): boolean {
    let count = 0;
    for (let hold = this.newest; hold !== undefined && ++count <= MOST; hold = hold.older) {
      const { isOwned, owner } = hold;
      if (isOwned && outermost(owner) === waiter && movedTo(hold, waiter.scheduler) === undefined) return true;
    }
    return false;
  }
}
