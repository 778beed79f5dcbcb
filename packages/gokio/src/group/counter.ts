/**
 * A counter of what is under way, which lets everybody through who waits for it to be zero: what a WaitGroup is, and a TaskTracker.
 *
 * Unlike the other groups it keeps no outcomes and cancels nothing; a failure is reported as that of any detached task.
 *
 * Invariant: somebody waits only while it is not closed, or above zero.
 *
 * @module
 */
import { FAILED } from "../kernel/coroutine-flags.ts";
import { currentScheduler, surroundings } from "../kernel/current.ts";
import type { Spawned } from "../task/body.ts";
import type { JoinHandle } from "../task/join-handle.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskGroup, TaskOptions, TaskRecord } from "../task/task.ts";
import { reportUnjoined } from "../task/unjoined.ts";
import { Gate, type Gated } from "./gate.ts";
import { liveTasks } from "./live.ts";

const NONE: readonly never[] = [];

export class Counter implements TaskGroup, Gated<void> {
  readonly gate = new Gate(this);
  count = 0;
  /** Whether zero is the end. */
  closed: boolean;
  readonly what: string;
  /** Whether only the end of a task counts down what the task has counted up. */
  readonly #byTasks: boolean;

  constructor(what: string, closed: boolean, byTasks: boolean) {
    this.what = what;
    this.closed = closed;
    this.#byTasks = byTasks;
  }

  get isOpen(): boolean {
    return this.closed && this.count === 0;
  }

  pass(): void {}

  includes({ group }: TaskRecord): boolean {
    return this.#byTasks && group === this;
  }

  /** Known only where nobody else counts, and nobody has to close it. */
  tasks(): Iterable<TaskRecord> | undefined {
    const { count, closed } = this;
    if (!closed || !this.#byTasks) return undefined;
    return liveTasks(count, (task) => task.group === this, NONE, currentScheduler());
  }

  add(delta: number): void {
    this.count += delta;
    this.gate.open();
  }

  /** Counts a detached task until it has ended. */
  spawn(body: Spawned, options: TaskOptions | undefined): JoinHandle<unknown> {
    const handle = spawnIn(surroundings(), body, options, undefined, this);
    this.count++;
    return handle;
  }

  ended(task: TaskRecord): void {
    if ((task.flags & FAILED) !== 0) reportUnjoined(task);
    // More may have been taken off by hand; that was the mistake, and this is no place to throw.
    if (this.count > 0) this.add(-1);
  }

  describe(): string {
    return `wait on ${this.what} at ${this.count}${this.closed ? "" : ", not closed"}`;
  }
}
