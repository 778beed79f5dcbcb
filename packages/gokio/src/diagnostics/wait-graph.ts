/**
 * A snapshot as a wait-for graph: a node for each task, and what it needs to go on.
 *
 * What is not known counts as able to go on, so that nothing is ever called stuck that might not be:
 *
 * - a wait that anybody could end, such as a receive from a channel, or one with a signal; and a timer;
 * - a wait in a region that has a deadline, for that will end it;
 * - an async task that waits for none of gokio's operations; of several waits of one, any may be what it needs;
 * - code outside of tasks.
 *
 * Two things cannot be seen, and a cycle through them is told all the same: what an async task awaits beside its own waits, and that a guard or a permit
 * is in other hands than those of the task that took it, unless it was moved there.
 *
 * @module
 */
import type { CancelSource } from "../kernel/cancel-source.ts";
import { HELD, LINKED } from "../kernel/coroutine-flags.ts";
import { TaskRecord } from "../task/task.ts";
import type { Need, WaitGraph } from "./cycle.ts";
import { isForsaken } from "./ends.ts";
import type { AlternativeInfo, Snapshot, TaskInfo, WaitInfo } from "./model.ts";
import { membersIn } from "./state.ts";

/** The nodes of tasks are numbered as those of the snapshot; then come tasks that have ended, and hold something all the same. */
export interface TaskGraph {
  readonly graph: WaitGraph;
  readonly tasks: readonly TaskInfo[];
  /** The waits that hold each of them up. */
  readonly waits: readonly (readonly WaitInfo[])[];
  /** The tasks that have ended, from node `tasks.length` on. */
  readonly ended: readonly TaskRecord[];
  /** The node of a task that somebody waits for; `undefined` if it has none. */
  nodeOf(object: unknown): number | undefined;
}

export function graphOf({ tasks }: Snapshot): TaskGraph {
  const nodes = new Map<unknown, number>(tasks.map((task, node) => [task.record, node]));
  const ended: TaskRecord[] = [];
  const nodeOf = (object: unknown): number | undefined => {
    const node = nodes.get(object);
    if (node !== undefined || !(object instanceof TaskRecord) || !object.finished) return node;
    nodes.set(object, tasks.length + ended.length);
    ended.push(object);
    return nodes.get(object);
  };
  const graph = tasks.map((task): readonly Need[] | undefined => needsOf(task, nodeOf));
  for (const _ of ended) graph.push([]);
  return { graph, tasks, waits: tasks.map(waitsOf), ended, nodeOf: (object) => nodes.get(object) };
}

type NodeOf = (object: unknown) => number | undefined;

/** What `task` needs; `undefined` if it can go on, or nobody knows. */
function needsOf(task: TaskInfo, nodeOf: NodeOf): Need[] | undefined {
  const { record } = task;
  if (task.state !== "parked" || hasDeadline(record.region ?? record)) return undefined;
  const needs: Need[] = [];
  for (const wait of waitsOf(task)) {
    const more = needsOfWait(wait, nodeOf);
    if (more === undefined) return undefined;
    needs.push(...more);
  }
  // Nothing that it waits for itself: so for something foreign.
  return needs.length === 0 || (!isGenerator(task) && membersIn(record).due > 0) ? undefined : needs;
}

export function isGenerator({ record }: TaskInfo): boolean {
  return record.gen !== undefined;
}

/** The waits that hold `task` up. A generator is held by its own alone, and no async code by the wish to be told of its own end. */
function waitsOf(task: TaskInfo): readonly WaitInfo[] {
  const { record } = task;
  if (isGenerator(task)) return task.waits.filter(({ waiter }) => waiter === record);
  return task.waits.filter(({ alternatives }) => !alternatives.some((each) => isOwnEnd(each, record)));
}

function isOwnEnd({ op, holders }: AlternativeInfo, record: TaskRecord): boolean {
  return op.holders === undefined && holders?.[0]?.object === record;
}

function needsOfWait({ waiter, alternatives }: WaitInfo, nodeOf: NodeOf): Need[] | undefined {
  if (hasDeadline(waiter.source)) return undefined;
  // One that is decided, and held, goes on when what holds it is gone: known of a single operation only.
  const isDecided = (waiter.flags & LINKED) === 0;
  if (isDecided && (waiter.flags < HELD || alternatives.length > 1)) return undefined;
  const needs: Need[] = [];
  for (const each of alternatives) {
    const of = isForsaken(each.op) ? [] : nodesOf(each, nodeOf);
    if (of === undefined) return undefined;
    needs.push({ of, all: of.length > 0 && each.op.needsAll?.() === true });
  }
  return needs;
}

function nodesOf({ holders }: AlternativeInfo, nodeOf: NodeOf): number[] | undefined {
  if (holders === undefined || holders.length === 0) return undefined;
  const of: number[] = [];
  for (const { object } of holders) {
    const node = nodeOf(object);
    if (node === undefined) return undefined;
    of.push(node);
  }
  return of;
}

/** A source that may have a deadline, and be a member of another. */
interface Limited extends CancelSource {
  readonly until?: number;
  readonly source?: Limited;
}

/** Whether something around `source` will be cancelled in time. */
function hasDeadline(source: CancelSource | undefined): boolean {
  for (let each = source as Limited | undefined; each !== undefined; each = each.source) {
    if ((each.until ?? Number.POSITIVE_INFINITY) < Number.POSITIVE_INFINITY) return true;
  }
  return false;
}
