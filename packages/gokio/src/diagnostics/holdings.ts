/**
 * What tasks hold: found from those who wait for it, and told by whoever knows more.
 *
 * @module
 */
import { dispose } from "../kernel/dispose.ts";
import type { TaskRecord } from "../task/task.ts";
import type { AlternativeInfo, Holding, Mutable, TaskInfo, WaitInfo } from "./model.ts";

/** Tells what a task holds, whether or not somebody waits for it. */
export type HoldingsSource = (task: TaskRecord) => Iterable<string>;

const holdingsSources = new Set<HoldingsSource>();

/** Has snapshots ask `source`, too, for what tasks hold. */
export function addHoldings(source: HoldingsSource): Disposable {
  holdingsSources.add(source);
  return { [dispose]: () => void holdingsSources.delete(source) };
}

/** Notes that `task` holds what `wait` is for by this alternative. */
export function addHolding(task: TaskInfo, { description, resource }: AlternativeInfo, wait: WaitInfo): void {
  const holds = task.holds as Mutable<Holding>[];
  const what = resource?.description ?? description;
  const known = holds.find((each) => each.resource === resource && each.description === what);
  if (known === undefined) holds.push({ description: what, resource, waits: [wait] });
  else if (known.waits.at(-1) !== wait) known.waits.push(wait);
}

/** Adds what the sources tell that `task` holds, and nobody waits for. */
export function addKnownHoldings(task: Mutable<TaskInfo>): void {
  for (const source of holdingsSources) {
    for (const description of source(task.record)) {
      if (task.holds.some((each) => each.description === description)) continue;
      task.holds.push({ description, resource: undefined, waits: [] });
    }
  }
}
