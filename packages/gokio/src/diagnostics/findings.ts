/**
 * What is found when somebody asks which tasks can never go on, though others can.
 *
 * @module
 */
import { firstOf } from "../kernel/deadlock.ts";
import { Acquire } from "../sync/semaphore-core.ts";
import type { TaskRecord } from "../task/task.ts";
import { cyclesIn, stuckIn } from "./cycle.ts";
import { isForsaken } from "./ends.ts";
import type { AlternativeInfo, Snapshot, TaskInfo, WaitInfo } from "./model.ts";
import { graphOf, isGenerator, type TaskGraph } from "./wait-graph.ts";

/** A task that can never go on. */
export interface StuckTask {
  /** That of its handle. */
  readonly id: number;
  /** What the task was named in its options. */
  readonly name: string | undefined;
  /** "task 7 (crawler)". */
  readonly label: string;
  /** What it waits for: `lock on mutex("accounts")`. */
  readonly operation: string;
  /** Who alone could end that wait, by their labels; empty if nobody is left. */
  readonly waitsFor: readonly string[];
  /** Where it is parked, if that was traced. */
  readonly site: string | undefined;
}

/**
 * - `cycle`: each of `tasks` waits for the next, and the last for the first;
 * - `wakerEnded`: each of `tasks` waits for something that a task had when it ended, and never gave back;
 * - `sendersGone`: each of `tasks` waits to receive, and nobody is left who has an end to send by.
 */
export type DeadlockKind = "cycle" | "wakerEnded" | "sendersGone";

const MOST_TASKS = 20;

/**
 * Tasks that can never go on.
 *
 * @example
 * ```ts
 * import { findDeadlocks } from "gokio/diagnostics";
 *
 * const accounts = new Mutex(0, { name: "accounts" });
 * const task = spawn(async () => {
 *   await accounts.with(async () => {
 *     await accounts.with(() => {});
 *   });
 * });
 * for (const deadlock of await findDeadlocks()) {
 *   console.log(String(deadlock).replace(/task \d+/, "task 1"));
 *   // perhaps a deadlock: tasks that wait for each other
 *   //   task 1 waits for itself: lock on mutex("accounts")
 * }
 * task.abort();
 * ```
 */
export class Deadlock {
  /** What it is about. */
  readonly kind: DeadlockKind;
  /** Those it is about: the tasks of a cycle in order, others from the oldest on. */
  readonly tasks: readonly StuckTask[];
  /** Those who wait for one of `tasks`, or for one who does: they are stuck with them. By their labels. */
  readonly behind: readonly string[];
  /**
   * Whether this is all there is to it: a cycle of generator tasks. An async task may await something foreign besides, which cannot be seen; what an ended
   * task had may be in somebody else's hands; and to a semaphore, anybody may add permits.
   */
  readonly isCertain: boolean;

  /** @internal */
  constructor(kind: DeadlockKind, tasks: readonly StuckTask[], behind: readonly string[], isCertain: boolean) {
    this.kind = kind;
    this.tasks = tasks;
    this.behind = behind;
    this.isCertain = isCertain;
  }

  /** The report, of several lines. */
  toString(): string {
    const { behind, isCertain } = this;
    const lines = [`${isCertain ? "" : "perhaps "}${HEADS[this.kind]}`];
    for (const task of firstOf(MOST_TASKS, this.tasks, lineOf)) lines.push(`  ${task}`);
    if (behind.length > 0) lines.push(`  and behind them: ${firstOf(MOST_TASKS, behind, String).join(", ")}`);
    return lines.join("\n");
  }
}

const HEADS: Readonly<Record<DeadlockKind, string>> = {
  cycle: "a deadlock: tasks that wait for each other",
  wakerEnded: "a deadlock: tasks that wait for one that has ended",
  sendersGone: "a deadlock: tasks that receive, with nobody left to send",
};

/** "task 1 (a) waits for task 2 (b): lock on mutex, at …". */
export function lineOf({ label, operation, waitsFor, site }: StuckTask): string {
  const whom = waitsFor.map((each) => (each === label ? "itself" : each)).join(", ");
  return `${label} waits for ${whom === "" ? "" : `${whom}: `}${operation}${site === undefined ? "" : `, at ${site}`}`;
}

/** What can never go on in `snapshot`. */
export function deadlocksIn(snapshot: Snapshot): Deadlock[] {
  const graph = graphOf(snapshot);
  const stuck = stuckIn(graph.graph);
  if (!snapshot.tasks.some((_, node) => stuck[node])) return [];
  const found: { kind: DeadlockKind; nodes: number[]; tasks: StuckTask[] }[] = [];
  for (const nodes of cyclesIn(graph.graph, stuck)) found.push({ kind: "cycle", nodes, tasks: cycleOf(graph, nodes) });
  for (const [kind, isRoot] of ROOTS) {
    const nodes = [...snapshot.tasks.keys()].filter(
      (node) => stuck[node] === true && alternativesOf(graph, node).some(isRoot),
    );
    const tasks = nodes.map((node) => stuckTask(graph, node, isRoot));
    if (tasks.length > 0) found.push({ kind, nodes, tasks });
  }
  const behind = behindEach(graph, stuck, found);
  return found.map(({ kind, nodes, tasks }, i) => {
    const isCertain = kind === "cycle" && nodes.every((node) => isSealed(graph, node));
    const labels = (behind[i] as number[]).map((node) => (graph.tasks[node] as TaskInfo).label);
    return new Deadlock(kind, tasks, labels, isCertain);
  });
}

/** Whether nobody but those who are known to can end the wait of the task at `node`. */
function isSealed(graph: TaskGraph, node: number): boolean {
  const isOpen: Test = ({ op }) => op instanceof Acquire;
  return isGenerator(graph.tasks[node] as TaskInfo) && !alternativesOf(graph, node).some(isOpen);
}

type Test = (alternative: AlternativeInfo) => boolean;

const ROOTS: readonly [DeadlockKind, Test][] = [
  [
    "wakerEnded",
    ({ holders }) => holders?.some(({ object }) => (object as Partial<TaskRecord>).finished === true) === true,
  ],
  ["sendersGone", ({ op }) => isForsaken(op)],
];

function alternativesOf({ waits }: TaskGraph, node: number): AlternativeInfo[] {
  return (waits[node] as readonly WaitInfo[]).flatMap(({ alternatives }) => [...alternatives]);
}

/** The tasks of a cycle, each with its wait for the next one. */
export function cycleOf(graph: TaskGraph, nodes: readonly number[]): StuckTask[] {
  return nodes.map((node, i) => {
    const next = nodes[(i + 1) % nodes.length];
    const leadsOn: Test = ({ holders }) => holders?.some(({ object }) => graph.nodeOf(object) === next) === true;
    return stuckTask(graph, node, leadsOn, next);
  });
}

/** The task at `node`, with the first of its waits that has an alternative like that. Of its holders only the `next` one is named, if given. */
function stuckTask(graph: TaskGraph, node: number, isIt: Test, next?: number): StuckTask {
  const task = graph.tasks[node] as TaskInfo;
  const wait = graph.waits[node]?.find(({ alternatives }) => alternatives.some(isIt));
  const holders = wait?.alternatives.find(isIt)?.holders ?? [];
  const named = next === undefined ? holders : holders.filter(({ object }) => graph.nodeOf(object) === next);
  const waitsFor = named.slice(0, MOST_TASKS).map(({ label }) => label);
  const site = wait?.site === undefined ? "" : String(wait.site);
  const { id, name, label } = task;
  return { id, name, label, operation: wait?.operation ?? task.state, waitsFor, site: site === "" ? undefined : site };
}

/** For each of those found the stuck tasks behind it: those who lead to it, and to no earlier one. */
function behindEach(
  { graph, tasks }: TaskGraph,
  stuck: readonly boolean[],
  found: readonly { nodes: number[] }[],
): number[][] {
  const waiting: number[][] = graph.map(() => []);
  tasks.forEach((_, node) => {
    if (stuck[node] !== true) return;
    for (const { of } of graph[node] ?? []) for (const each of of) waiting[each]?.push(node);
  });
  const seen = new Set(found.flatMap(({ nodes }) => nodes));
  return found.map(({ nodes }) => {
    const reached = [...nodes];
    for (const node of reached) {
      for (const each of waiting[node] as number[]) {
        if (seen.has(each)) continue;
        seen.add(each);
        reached.push(each);
      }
    }
    return reached.slice(nodes.length).sort((a, b) => a - b);
  });
}
