/**
 * What is said when a process could make no progress any more: every parked task and who holds what it waits for, and the cycles among them.
 *
 * Here everything is known to be stuck, so nothing has to be proved: whatever leads in a circle is told, through code outside of tasks, too.
 *
 * @module
 */
import { firstOf, MOST_LINES, MOST_WAITS } from "../kernel/deadlock.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { cyclesIn, type Need } from "./cycle.ts";
import { cycleOf, lineOf } from "./findings.ts";
import { type HolderInfo, type Snapshot, snapshot, type WaitInfo } from "./model.ts";
import { framesIn } from "./place.ts";
import type { TaskState } from "./state.ts";
import type { TaskGraph } from "./wait-graph.ts";

const MOST_CYCLES = 5;

const STATES: Readonly<Record<TaskState, string>> = {
  new: "not started",
  running: "running",
  runnable: "running",
  parked: "parked",
  "foreign await": "a foreign await",
};

/** The report on `scheduler`, which is stuck. */
export function deadlockReport(scheduler: Scheduler, headline: string): string {
  const taken = snapshot(scheduler);
  const tasks = taken.tasks.filter((task) => !task.daemon);
  const outside = taken.outside.filter((wait) => !wait.daemon);
  const all = [
    ...tasks.map((task) => () => linesOf(task.label, task.waits.length === 0 ? [STATES[task.state]] : [], task.waits)),
    ...outside.map((wait) => () => linesOf("outside tasks", [], [wait])),
  ];
  const lines = firstOf(MOST_LINES, all, (show) => show()).flat();
  for (const cycle of firstOf(MOST_CYCLES, cyclesOf(taken), (each) => each)) lines.push("", cycle);
  return [headline, ...lines].map((line) => line.replace(/^(?=.)/gm, "  ").replace(/^ {2}(?=gokio: )/, "")).join("\n");
}

/** What one of them waits for; and, if that was traced, where. */
function linesOf(label: string, states: readonly string[], waits: readonly WaitInfo[]): string[] {
  const what = [...states, ...firstOf(MOST_WAITS, waits, describe)].join(", ");
  const site = waits.length === 1 ? framesIn(waits[0]?.site) : [];
  return [`${label}: ${what}`, ...site.map((frame) => `    at ${frame}`)];
}

/** "lock on mutex, held by task 7 (crawler)". What already says so is left as it is. */
function describe({ operation, alternatives, task }: WaitInfo): string {
  const nameOf = (holder: HolderInfo): string =>
    holder.task !== undefined && holder.task === task && !operation.includes(holder.label) ? "itself" : holder.label;
  const holders = new Set(alternatives.flatMap((each) => each.holders?.map(nameOf) ?? []));
  const unsaid = [...holders].filter((label) => !operation.includes(label));
  return unsaid.length === 0 ? operation : `${operation}, held by ${firstOf(MOST_WAITS, unsaid, String).join(", ")}`;
}

function cyclesOf(taken: Snapshot): string[] {
  const nodes = new Map<unknown, number>(taken.tasks.map((task, node) => [task.record, node]));
  const graph = taken.tasks.map(({ waits }) => waits.flatMap((wait) => needsOf(wait, nodes)));
  const whole: TaskGraph = {
    graph,
    tasks: taken.tasks,
    waits: taken.tasks.map(({ waits }) => waits),
    ended: [],
    nodeOf: (object) => nodes.get(object),
  };
  const everything = graph.map(() => true);
  return cyclesIn(graph, everything).map((cycle) =>
    ["a cycle:", ...cycleOf(whole, cycle).map((task) => `  ${lineOf(task)}`)].join("\n"),
  );
}

function needsOf({ alternatives }: WaitInfo, nodes: ReadonlyMap<unknown, number>): Need[] {
  return alternatives.map(({ holders = [] }) => ({
    of: holders.flatMap(({ object }) => nodes.get(object) ?? []),
    all: false,
  }));
}
