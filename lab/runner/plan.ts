/**
 * Which samples are taken, and in which order.
 *
 * # Algorithm
 *
 * As many rounds as samples are wanted; in each round every contestant does every workload once, the workloads in random
 * order, and the contestants of each in random order right after one another. So what the machine does in a slow minute
 * falls on all contestants of a workload alike, and no one always comes after the same other. The seed repeats the order.
 *
 * @module
 */
import { workloads } from "../workloads/index.ts";
import type { Point, Workload } from "../workloads/workload.ts";
import { type Case, keyOf } from "./format.ts";
import { Random } from "./random.ts";

export interface Planned {
  readonly case: Case;
  /** The id of the contestant. */
  readonly contestant: string;
  readonly round: number;
}

export interface Selection {
  /** Words of which a workload's id or title has one; none for all. */
  readonly filters: readonly string[];
  readonly quick: boolean;
  /** Also the sizes that show how costs grow; or nothing but these. */
  readonly growth: boolean;
}

/** The cases of the workloads that are wanted, in the order of the report. */
export function casesOf({ filters, quick, growth }: Selection): Case[] {
  const wanted = workloads.filter((workload) => isWanted(workload, filters));
  const cases = new Map<string, Case>();
  const add = (workload: Workload, { size, params }: Point, more: Pick<Case, "main" | "n">): void => {
    const key = keyOf(workload.id, size, params);
    const known = cases.get(key);
    cases.set(key, {
      key,
      workload: workload.id,
      size,
      params,
      ...known,
      ...more,
      main: more.main || known?.main === true,
    });
  };
  for (const workload of wanted) {
    const size = quick ? workload.quick : workload.size;
    for (const params of workload.params ?? [{}]) add(workload, { size, params }, { main: true });
    if (growth) for (const { n, ...point } of workload.growth?.points ?? []) add(workload, point, { n, main: false });
  }
  return [...cases.values()];
}

/** Whether `filter` asks for the workload: by its whole name, or, if no workload is called that, by a part of its name or its title. */
function asksFor(filter: string, { id, title }: Workload): boolean {
  if (workloads.some((each) => each.id === filter)) return id === filter;
  return id.includes(filter) || title.toLowerCase().includes(filter.toLowerCase());
}

/** `empty` goes along with those whose measures are above it. */
function isWanted(workload: Workload, filters: readonly string[]): boolean {
  const isNamed = (each: Workload): boolean => filters.length === 0 || filters.some((filter) => asksFor(filter, each));
  if (workload.id !== "empty") return isNamed(workload);
  return workloads.some((other) => isNamed(other) && other.measures.some((measure) => measure.aboveEmpty));
}

export function planOf(
  cases: readonly Case[],
  contestants: readonly string[],
  rounds: number,
  seed: number,
): Planned[] {
  const random = new Random(seed);
  const plan: Planned[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const each of random.shuffled(cases)) {
      for (const contestant of random.shuffled(contestants)) plan.push({ case: each, contestant, round });
    }
  }
  return plan;
}

/** The same for the same sample of the same plan. */
export function nameOf(sample: { case: string | Case; contestant: string; round: number }): string {
  const key = typeof sample.case === "string" ? sample.case : sample.case.key;
  return `${key}, ${sample.contestant}, round ${sample.round}`;
}
