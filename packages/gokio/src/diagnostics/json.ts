/**
 * A snapshot as data that can be written as JSON: what programs read.
 *
 * @module
 */
import type { AlternativeInfo, HolderInfo, ResourceInfo, Snapshot, TaskInfo, WaitInfo } from "./model.ts";
import type { Frame, Site } from "./sites.ts";
import type { TaskState } from "./state.ts";

/** A dump as plain data. Times are in milliseconds; what is only known of what was traced is left out where it was not. */
export interface DumpJson {
  /** The version of this shape. */
  readonly version: 1;
  /** Whether tracing was on. */
  readonly tracing: boolean;
  /** Every live task, the oldest first. */
  readonly tasks: readonly TaskJson[];
  /** The waits of code outside of tasks. */
  readonly outside: readonly WaitJson[];
  /** What is waited for, in the order of `id`, which counts from 1. */
  readonly resources: readonly ResourceJson[];
}

/** A live task. */
export interface TaskJson {
  /** That of its handle. */
  readonly id: number;
  /** What the task was named in its options. */
  readonly name?: string;
  /**
   * `new`: has not run yet; `running`: its code is on the stack; `runnable`: is on the run queue; `parked`: waits for something of gokio's;
   * `foreign await`: an async task that waits for something else.
   */
  readonly state: TaskState;
  /** Whether the process may end while it lives. */
  readonly daemon: boolean;
  /** Whether it was asked to end. */
  readonly aborted: boolean;
  /** What it ends with: "a scope", "a JoinSet", "a task"; and the id of the task that is in. `null` if the task is detached. */
  readonly parent: { readonly kind: string; readonly task: number | null } | null;
  /** What it is parked on; several waits are several promises of its async code. */
  readonly waits: readonly WaitJson[];
  /** What others wait for and this task alone can give, as far as that is known. */
  readonly holds: readonly HoldingJson[];
  /** Since when it is alive. */
  readonly age?: number;
  /** How often it was started or resumed. */
  readonly polls?: number;
  /** Where it was made: the innermost frame first. */
  readonly madeAt?: readonly FrameJson[];
  /** The task whose code made it. */
  readonly madeBy?: string;
}

/** A wait in progress. */
export interface WaitJson {
  /** "recv on chan(8)". */
  readonly operation: string;
  /** What could end it: one, unless it is a select, a timeout or the like. */
  readonly alternatives: readonly AlternativeJson[];
  /** Since when it is parked. */
  readonly duration?: number;
  /** Where it was parked. */
  readonly parkedAt?: readonly FrameJson[];
}

/** One thing that could end a wait. */
export interface AlternativeJson {
  /** "recv on chan(8)". */
  readonly operation: string;
  /** The id of the resource; `null` if there is none. */
  readonly resource: number | null;
  /** Who alone can do it; `null` where anybody could, or that is not known. */
  readonly holders: readonly HolderJson[] | null;
}

/** Who could end a wait: a live task, or what the label says. */
export interface HolderJson {
  /** The id of the task; `null` if it is none, or has ended. */
  readonly task: number | null;
  /** "task 7 (crawler)". */
  readonly label: string;
}

/** What a task holds. */
export interface HoldingJson {
  /** `mutex("accounts")`. */
  readonly description: string;
  /** The id of the resource; `null` if nobody waits for it, or it is none. */
  readonly resource: number | null;
  /** The tasks that wait for it; `null` stands for code outside of tasks. */
  readonly waiting: readonly (number | null)[];
}

/** Something that is waited for. */
export interface ResourceJson {
  /** What waits refer to it by, in this dump. */
  readonly id: number;
  /** `chan(8, "jobs")`. Not unique, unless all have names of their own. */
  readonly description: string;
  /** How many values it holds, if it is a channel. */
  readonly depth?: number;
  /** How many it can hold; `null` if there is no bound. */
  readonly capacity?: number | null;
  /** How many wait for it. */
  readonly waits: number;
}

/** A place in the program's sources. */
export interface FrameJson extends Frame {}

export function jsonOf(snapshot: Snapshot, tracing: boolean): DumpJson {
  return {
    version: 1,
    tracing,
    tasks: snapshot.tasks.map(taskJson),
    outside: snapshot.outside.map(waitJson),
    resources: snapshot.resources.map(resourceJson),
  };
}

function taskJson(task: TaskInfo): TaskJson {
  const { id, name, state, daemon, aborted, parent, waits, holds, age, polls, site, spawner } = task;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    state,
    daemon,
    aborted,
    parent: parent === undefined ? null : { kind: parent.kind, task: parent.task?.id ?? null },
    waits: waits.map(waitJson),
    holds: holds.map(({ description, resource, waits }) => ({
      description,
      resource: resource?.id ?? null,
      waiting: waits.map((wait) => wait.task?.id ?? null),
    })),
    ...(age === undefined ? {} : { age }),
    ...(polls === undefined ? {} : { polls }),
    ...(site === undefined ? {} : { madeAt: framesJson(site) }),
    ...(spawner === undefined ? {} : { madeBy: spawner }),
  };
}

function waitJson({ operation, alternatives, duration, site }: WaitInfo): WaitJson {
  return {
    operation,
    alternatives: alternatives.map(alternativeJson),
    ...(duration === undefined ? {} : { duration }),
    ...(site === undefined ? {} : { parkedAt: framesJson(site) }),
  };
}

function alternativeJson({ description, resource, holders }: AlternativeInfo): AlternativeJson {
  return {
    operation: description,
    resource: resource?.id ?? null,
    holders: holders?.map(({ task, label }: HolderInfo) => ({ task: task?.id ?? null, label })) ?? null,
  };
}

function resourceJson({ id, description, depth, capacity, waits }: ResourceInfo): ResourceJson {
  return {
    id,
    description,
    ...(depth === undefined ? {} : { depth }),
    ...(capacity === undefined ? {} : { capacity: Number.isFinite(capacity) ? capacity : null }),
    waits: waits.length,
  };
}

function framesJson(site: Site): readonly FrameJson[] {
  return site.frames;
}
