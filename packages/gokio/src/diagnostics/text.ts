/**
 * A snapshot as text, to be read by people: a paragraph for each task, or for each group of tasks that do the same.
 *
 *     gokio: 4 tasks: 3 parked, 1 running; 1 wait outside tasks
 *
 *     task 1 (loader): parked on lock on mutex, 2.0 s
 *         waits for task 2 (writer)
 *         parked at load (src/app.ts:12:9)
 *
 *     2 tasks (worker #): parked on recv on chan(8, "jobs")
 *         task 3 (worker 1), task 4 (worker 2)
 *
 * @module
 */
import { firstOf, MOST_WAITS } from "../kernel/deadlock.ts";
import { type Fold, foldTasks, keyOfWait } from "./fold.ts";
import type { AlternativeInfo, Snapshot, TaskInfo, WaitInfo } from "./model.ts";
import { framesIn } from "./place.ts";
import { plural, span, times } from "./wording.ts";

const INDENT = "\n    ";
/** How many tasks of a group are named. */
const MOST_NAMES = 8;

/** The whole of it. */
export function textOf(snapshot: Snapshot): string {
  const paragraphs = [headOf(snapshot), ...foldTasks(snapshot).map(paragraphOf), ...outsideOf(snapshot.outside)];
  return paragraphs.join("\n\n");
}

/** "3 tasks: 2 parked, 1 running; 1 wait outside tasks". */
export function headOf({ tasks, outside }: Snapshot): string {
  const states = new Map<string, number>();
  for (const { state } of tasks) states.set(state, (states.get(state) ?? 0) + 1);
  const parts = ["parked", "foreign await", "runnable", "running", "new"].flatMap((state) =>
    states.has(state) ? [`${states.get(state)} ${state === "foreign await" ? "in a foreign await" : state}`] : [],
  );
  const head = `gokio: ${plural(tasks.length, "task")}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`;
  return outside.length > 0 ? `${head}; ${plural(outside.length, "wait")} outside tasks` : head;
}

/** What is told of one group of tasks. */
export function paragraphOf({ tasks }: Fold): string {
  const [first] = tasks;
  const lines = [`${titleOf(tasks)}: ${doingOf(tasks)}`];
  if (tasks.length > 1) lines.push(namesOf(tasks));
  lines.push(...marksOf(first), ...waitLines(tasks), ...heldBy(first), ...originOf(tasks));
  return lines.join(INDENT);
}

function titleOf(tasks: Fold["tasks"]): string {
  const [first] = tasks;
  if (tasks.length === 1) return first.label;
  const name = tasks.every((task) => task.name === first.name) ? first.name : first.name?.replace(/\d+/g, "#");
  return `${tasks.length} tasks${name === undefined ? "" : ` (${name})`}`;
}

function namesOf(tasks: Fold["tasks"]): string {
  const sameName = tasks.every((task) => task.name === tasks[0].name);
  return firstOf(MOST_NAMES, tasks, (task) => (sameName ? `task ${task.id}` : task.label)).join(", ");
}

/** "parked on recv on chan(8), 1.5 s". */
function doingOf(tasks: Fold["tasks"]): string {
  const [{ state, waits }] = tasks;
  if (state === "foreign await") return "in a foreign await";
  if (waits.length !== 1)
    return state === "parked" ? `parked on ${plural(waits.length, "wait")} at once` : stateText(state);
  const duration = durationOf(tasks, 0);
  const operation = (waits[0] as WaitInfo).operation;
  if (state === "parked") return `parked on ${operation}${duration}`;
  return `${stateText(state)}, in ${operation}${duration}`;
}

function stateText(state: string): string {
  return state === "new" ? "not started" : state;
}

function durationOf(tasks: Fold["tasks"], index: number): string {
  const durations = tasks.map(({ waits }) => waits[index]?.duration);
  const text = span(durations);
  return text === "" ? "" : `, ${text}`;
}

function marksOf({ aborted, daemon, parent }: TaskInfo): string[] {
  const lines: string[] = [];
  if (aborted) lines.push("was asked to end");
  if (daemon) lines.push("a daemon: it does not keep the process alive");
  if (parent !== undefined) {
    const where = parent.task === undefined ? "outside tasks" : `of ${parent.task.label}`;
    lines.push(parent.kind === "a task" ? `a child ${where}` : `in ${parent.kind} ${where}`);
  }
  return lines;
}

function waitLines(tasks: Fold["tasks"]): string[] {
  const [{ waits }] = tasks;
  const lines = firstOf(MOST_WAITS, waits, (wait) => wait).flatMap((wait, i) => {
    if (typeof wait === "string") return [wait];
    const own = waits.length === 1 ? [] : [`${wait.operation}${durationOf(tasks, i)}`];
    return [...own, ...detailsOf(wait).map((line) => (waits.length === 1 ? line : `  ${line}`))];
  });
  return lines;
}

/** Who could end a wait, and where it is. */
function detailsOf({ alternatives, site }: WaitInfo): string[] {
  const lines: string[] = [];
  for (const each of alternatives) {
    const holders = holdersOf(each);
    if (holders === undefined) continue;
    lines.push(alternatives.length === 1 ? `waits for ${holders}` : `${each.description} waits for ${holders}`);
  }
  const frames = framesIn(site);
  if (frames.length > 0) lines.push(`parked at ${frames.join(`${INDENT}  from `)}`);
  return lines;
}

function holdersOf({ holders }: AlternativeInfo): string | undefined {
  if (holders === undefined) return undefined;
  if (holders.length === 0) return "nobody: nothing is left that could end it";
  return firstOf(MOST_NAMES, holders, ({ label }) => label).join(", ");
}

function heldBy({ holds }: TaskInfo): string[] {
  return holds.map(({ description, waits }) =>
    waits.length === 0 ? `holds ${description}` : `holds ${description}, for ${waiting(waits)}`,
  );
}

function waiting(waits: readonly WaitInfo[]): string {
  return `which ${firstOf(MOST_NAMES, waits, ({ task }) => task?.label ?? "code outside tasks").join(", ")} ${waits.length === 1 ? "waits" : "wait"}`;
}

function originOf(tasks: Fold["tasks"]): string[] {
  const [{ site, spawner }] = tasks;
  const lines: string[] = [];
  const ages = span(tasks.map(({ age }) => age));
  const polls = times(tasks.map(({ polls }) => polls));
  if (ages !== "") lines.push(`made ${ages} ago${polls === "" ? "" : `, has run ${polls}`}`);
  const frames = framesIn(site);
  const by = spawner === undefined || tasks.some((task) => task.spawner !== spawner) ? "" : ` by ${spawner}`;
  if (frames.length > 0) lines.push(`made${by} at ${frames.join(`${INDENT}  from `)}`);
  else if (by !== "") lines.push(`made${by}`);
  return lines;
}

function outsideOf(outside: readonly WaitInfo[]): string[] {
  const groups = new Map<string, WaitInfo[]>();
  for (const wait of outside) {
    const key = keyOfWait(wait);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [wait]);
    else group.push(wait);
  }
  return [...groups.values()].map((waits) => {
    const [first] = waits as [WaitInfo];
    const duration = span(waits.map((each) => each.duration));
    const count = waits.length === 1 ? "" : `${waits.length} × `;
    const head = `outside tasks: ${count}${first.operation}${duration === "" ? "" : `, ${duration}`}`;
    return [head, ...detailsOf(first)].join(INDENT);
  });
}
