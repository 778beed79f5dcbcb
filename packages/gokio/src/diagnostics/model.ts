/**
 * The model: what a scheduler looks like at one moment. Everything else in this folder reads it: text, JSON, graphs, metrics, deadlock reports.
 *
 *     Snapshot ─▶ TaskInfo ─▶ WaitInfo ─▶ AlternativeInfo ─▶ ResourceInfo
 *                    ▲                          │
 *                    └───────── holders ────────┘
 *
 * 1. Taking one changes nothing, runs no user code but `describe` and `holders` of operations, and takes time in proportion to what is there.
 * 2. Tasks are in the order they were made, waits in the order they were started: two snapshots of the same run are the same.
 * 3. `alternatives` has one entry, unless the wait is a race: then those that race, races among them taken apart.
 * 4. `holds` is the inverse of `holders`, over all waits there are; more may be known to {@link addHoldings}.
 * 5. What is only known of what was traced is `undefined` where it was not.
 *
 * @module
 */
import { currentRegion, currentScheduler, running } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { tasksOf } from "../kernel/task-list.ts";
import type { DrivenWaiter } from "../kernel/waiter.ts";
import { TaskRecord } from "../task/task.ts";
import { addHolding, addKnownHoldings } from "./holdings.ts";
import { joinedTasks } from "./joined.ts";
import { type ParentInfo, parentOf } from "./parent.ts";
import { taskTraces, waitTraces } from "./recorded.ts";
import { leavesOf, nameOf, resourceOf } from "./resource.ts";
import type { Site } from "./sites.ts";
import { membersIn, stateOf, type TaskState } from "./state.ts";

export interface Snapshot {
  readonly scheduler: Scheduler;
  /** When it was taken, in milliseconds on the scheduler's clock. */
  readonly at: number;
  /** Every live task, the oldest first. */
  readonly tasks: readonly TaskInfo[];
  /** The waits of code outside of tasks. */
  readonly outside: readonly WaitInfo[];
  /** What is waited for, in the order it is first met. */
  readonly resources: readonly ResourceInfo[];
  /** How many waits are settled and due to go on, beside those of generator tasks. */
  readonly due: number;
  /** The live task that `object` is; `undefined` if it is none, or has ended. */
  taskOf(object: unknown): TaskInfo | undefined;
}

export interface TaskInfo {
  readonly record: TaskRecord;
  readonly id: number;
  readonly name: string | undefined;
  /** "task 7", "task 7 (crawler)". */
  readonly label: string;
  readonly state: TaskState;
  readonly daemon: boolean;
  /** Whether it was asked to end. */
  readonly aborted: boolean;
  /** What it ends with; `undefined` if it is detached. */
  readonly parent: ParentInfo | undefined;
  /** What it is parked on: at most one for its generator, any number for async code in it. */
  readonly waits: readonly WaitInfo[];
  /** What others wait for and it alone can give, as far as that is known. */
  readonly holds: readonly Holding[];
  /** Milliseconds since it was made. */
  readonly age: number | undefined;
  readonly polls: number | undefined;
  readonly site: Site | undefined;
  /** Whose code made it: "task 3 (main)". */
  readonly spawner: string | undefined;
}

export interface WaitInfo {
  readonly waiter: DrivenWaiter;
  /** `undefined` outside of tasks. */
  readonly task: TaskInfo | undefined;
  /** What is waited for: "recv on chan(8)". */
  readonly operation: string;
  readonly daemon: boolean;
  readonly alternatives: readonly AlternativeInfo[];
  /** Milliseconds since it was parked. */
  readonly duration: number | undefined;
  readonly site: Site | undefined;
}

export interface AlternativeInfo {
  readonly op: Operation<unknown>;
  readonly description: string;
  readonly resource: ResourceInfo | undefined;
  /** Who alone can end the wait by this alternative; `undefined` where anybody could, or that is not known. */
  readonly holders: readonly HolderInfo[] | undefined;
}

export interface HolderInfo {
  /** What `Operation.holders` named: a task's record, or something else. */
  readonly object: unknown;
  /** The live task that it is. */
  readonly task: TaskInfo | undefined;
  readonly label: string;
}

export interface ResourceInfo {
  readonly object: object;
  /** Counted from 1 in each snapshot. */
  readonly id: number;
  /** `chan(8, "jobs")`, "mutex". */
  readonly description: string;
  /** How many values it holds, and can hold, if it is a channel. */
  readonly depth: number | undefined;
  readonly capacity: number | undefined;
  /** Those who wait for it. */
  readonly waits: readonly WaitInfo[];
}

export interface Holding {
  readonly description: string;
  /** The resource, if somebody waits for it. */
  readonly resource: ResourceInfo | undefined;
  /** Those who wait for this task to give it. */
  readonly waits: readonly WaitInfo[];
}

/** What `scheduler`, by default that of the caller, looks like now. */
export function snapshot(scheduler: Scheduler = currentScheduler()): Snapshot {
  return new Taking(scheduler).take();
}

/** A part of a snapshot in the making. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** One snapshot in the making. */
class Taking {
  readonly #scheduler: Scheduler;
  readonly #at: number;
  readonly #current = running ?? currentRegion().task;
  readonly #tasks = new Map<unknown, Mutable<TaskInfo>>();
  readonly #resources = new Map<object, Mutable<ResourceInfo>>();
  readonly #outside: WaitInfo[] = [];
  readonly #joined: ReadonlyMap<unknown, TaskRecord>;
  readonly #holders = new Map<Operation<unknown>, readonly HolderInfo[] | undefined>();
  #due = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.#at = scheduler.host.now();
    this.#joined = joinedTasks(scheduler);
  }

  take(): Snapshot {
    for (const task of [...tasksOf(this.#scheduler.tasks)].reverse()) this.#addTask(task as TaskRecord);
    for (const task of this.#tasks.values()) this.#addWaitsOf(task);
    this.#addWaitsOutside();
    for (const task of this.#tasks.values()) {
      for (const wait of task.waits) this.#resolve(wait);
    }
    for (const wait of this.#outside) this.#resolve(wait);
    for (const task of this.#tasks.values()) addKnownHoldings(task);
    return {
      scheduler: this.#scheduler,
      at: this.#at,
      tasks: [...this.#tasks.values()],
      outside: this.#outside,
      resources: [...this.#resources.values()],
      due: this.#due,
      taskOf: (object) => this.#tasks.get(object),
    };
  }

  #addTask(record: TaskRecord): void {
    const trace = taskTraces.get(record);
    this.#tasks.set(record, {
      record,
      id: record.id,
      name: record.name,
      label: record.label,
      state: "running",
      daemon: record.daemon,
      aborted: record.cancellation !== undefined,
      parent: parentOf(record),
      waits: [],
      holds: [],
      age: trace && this.#at - trace.madeAt,
      polls: trace?.polls,
      site: trace?.site,
      spawner: trace?.spawner,
    });
  }

  #addWaitsOf(task: Mutable<TaskInfo>): void {
    const { record } = task;
    const { parked, due } = membersIn(record);
    if (record.op !== undefined) task.waits.push(this.#wait(record, task));
    for (const waiter of parked) task.waits.push(this.#wait(waiter, task));
    task.state = stateOf(record, record === this.#current, parked.length, due);
    this.#due += due;
  }

  #addWaitsOutside(): void {
    const { parked, due } = membersIn(this.#scheduler.root);
    this.#due += due;
    for (const waiter of parked) {
      // Cleanup that a shield keeps going after what is around it was cancelled stands at the root, too.
      const task = this.#tasks.get((waiter as { region?: { task?: unknown } }).region?.task);
      if (task === undefined) this.#outside.push(this.#wait(waiter, undefined));
      else {
        task.waits.push(this.#wait(waiter, task));
        if (task.state === "foreign await") task.state = "parked";
      }
    }
  }

  #wait(waiter: DrivenWaiter, task: TaskInfo | undefined): WaitInfo {
    const op = waiter.op as Operation<unknown>;
    const trace = waitTraces.get(waiter);
    return {
      waiter,
      task,
      operation: op.describe(),
      daemon: waiter.daemon,
      alternatives: leavesOf(op).map((leaf) => ({
        op: leaf,
        description: leaf === op ? "" : leaf.describe(),
        resource: undefined,
        holders: undefined,
      })),
      duration: trace && this.#at - trace.parkedAt,
      site: trace?.site,
    };
  }

  /** Finds what `wait` is for, and who could end it. */
  #resolve(wait: WaitInfo): void {
    for (const each of wait.alternatives as Mutable<AlternativeInfo>[]) {
      if (each.description === "") each.description = wait.operation;
      each.resource = this.#resource(each, wait);
      each.holders = this.#holdersOf(each.op);
      for (const { task } of each.holders ?? []) if (task !== undefined) addHolding(task, each, wait);
    }
  }

  #resource({ op, description }: AlternativeInfo, wait: WaitInfo): ResourceInfo | undefined {
    const found = resourceOf(op);
    if (found === undefined) return undefined;
    let resource = this.#resources.get(found.object);
    if (resource === undefined) {
      const { object, depth, capacity } = found;
      const named = nameOf(object) ?? afterOn(description);
      resource = { object, id: this.#resources.size + 1, description: named, depth, capacity, waits: [] };
      this.#resources.set(object, resource);
    }
    if (resource.waits.at(-1) !== wait) resource.waits.push(wait);
    return resource;
  }

  /** Many may wait by one operation, and many may hold what it is for. */
  #holdersOf(op: Operation<unknown>): readonly HolderInfo[] | undefined {
    if (this.#holders.has(op)) return this.#holders.get(op);
    const joined = this.#joined.get(op);
    const objects = joined === undefined ? op.holders?.() : [joined];
    const holders = objects && [...objects].map((object) => this.#holder(object));
    this.#holders.set(op, holders);
    return holders;
  }

  #holder(object: unknown): HolderInfo {
    const task = this.#tasks.get(object);
    return { object, task, label: task?.label ?? labelOf(object) };
  }
}

function labelOf(object: unknown): string {
  if (object instanceof TaskRecord) return `${object.label}, which ${object.finished ? "has ended" : "is elsewhere"}`;
  const described = object as { describe?(): string } | null | undefined;
  return typeof described?.describe === "function" ? described.describe() : String(object);
}

/** "chan(8)" of "recv on chan(8)". */
function afterOn(description: string): string {
  const at = description.indexOf(" on ");
  return at < 0 ? description : description.slice(at + 4);
}
