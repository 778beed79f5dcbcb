/**
 * A gate: waiting until a group has come to rest, for any number of waiters.
 *
 * The group says whether the gate is open and what passing it gives. The waiters are let through in the order they came.
 *
 * Invariant: waiters are linked only while the gate is shut.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import { Operation } from "../kernel/operation.ts";
import { PromiseWaiter } from "../kernel/promise-waiter.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { TaskRecord } from "../task/task.ts";

/** What a gate asks the group it belongs to. */
export interface Gated<T> {
  readonly isOpen: boolean;
  /** What a waiter gets that passes; what this throws, it fails with. */
  pass(): T;
  /** The tasks that all have to end; `undefined` if others can open the gate, too, or not all are known. */
  tasks?(): Iterable<TaskRecord> | undefined;
  /** Whether the gate stays shut as long as `task` lives. */
  includes?(task: TaskRecord): boolean;
  /** Whether passing gives what the tasks gave. */
  readonly wantsValues?: boolean;
  /** What `includes` is about. */
  readonly what?: string;
  describe(): string;
}

interface LiveGroup {
  readonly live: number;
  tasks?(): Iterable<TaskRecord> | undefined;
  includes?(task: TaskRecord): boolean;
}

/** Open while none of a group's tasks lives. */
export class Idle implements Gated<unknown> {
  readonly #group: LiveGroup;
  readonly what: string;

  constructor(group: LiveGroup, what: string) {
    this.#group = group;
    this.what = what;
  }

  get isOpen(): boolean {
    return this.#group.live === 0;
  }

  pass(): unknown {
    return undefined;
  }

  tasks(): Iterable<TaskRecord> | undefined {
    return this.#group.tasks?.();
  }

  includes(task: TaskRecord): boolean {
    return this.#group.includes?.(task) === true;
  }

  describe(): string {
    return `the end of ${this.#group.live} tasks of ${this.what}`;
  }
}

export class Gate<T = void> extends Operation<T> {
  readonly #group: Gated<T>;
  readonly #waiters = new WaitList<T>();

  constructor(group: Gated<T>) {
    super();
    this.#group = group;
  }

  override try(): T | Pending {
    return this.#group.isOpen ? this.#group.pass() : PENDING;
  }

  /** A task that would wait for its own end is told so: a generator task, which can do nothing else; async code only if it wants its own value. */
  override link(waiter: Waiter<T>): void {
    const group = this.#group;
    const task =
      waiter instanceof TaskRecord ? waiter : group.wantsValues === true ? taskOf(waiter as Waiter) : undefined;
    if (task !== undefined && group.includes?.(task) === true) {
      throw new MisuseError(`${task.label} would wait for itself: it belongs to ${group.what}`);
    }
    this.#waiters.push(waiter);
  }

  override unlink(waiter: Waiter<T>): void {
    this.#waiters.remove(waiter);
  }

  /** Lets everyone through who waits, if the gate is open. */
  open(): void {
    if (!this.#group.isOpen) return;
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) this.#let(waiter);
  }

  #let(waiter: Waiter<T>): void {
    let value: T;
    try {
      value = this.#group.pass();
    } catch (error) {
      waiter.fail(error);
      return;
    }
    waiter.wake(value);
  }

  override holders(): Iterable<TaskRecord> | undefined {
    return this.#group.tasks?.();
  }

  override needsAll(): boolean {
    return true;
  }

  override describe(): string {
    return this.#group.describe();
  }
}

/** The async task that `waiter` waits for. */
function taskOf(waiter: Waiter<unknown>): TaskRecord | undefined {
  const task = waiter instanceof PromiseWaiter ? waiter.region.task : undefined;
  return task instanceof TaskRecord ? task : undefined;
}
