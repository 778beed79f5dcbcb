/**
 * Whether gokio reaches what it is to reach.
 *
 * @module
 */
import type { Case } from "../runner/format.ts";
import { type Estimate, ratio } from "../runner/statistics.ts";
import type { Measure, Target, Workload } from "../workloads/workload.ts";
import type { Row } from "./summary.ts";

export interface Verdict {
  readonly by: string;
  readonly measure: Measure;
  /** "≥ 1.5 × Go, 2 procs". */
  readonly bound: string;
  /** The median, or the ratio of two, that the bound is for; none if somebody is missing. */
  readonly is?: Estimate;
  /** `unsure` if the interval holds the bound, or is of fewer than 3 samples. */
  readonly met?: "yes" | "no" | "unsure";
}

export function verdictsOf(workload: Workload, { params }: Case, rows: readonly Row[]): Verdict[] {
  return (workload.targets ?? []).flatMap((target) => {
    const applies = Object.entries(target.at ?? {}).every(([name, value]) => params[name] === value);
    const mine = rows.find(({ contestant }) => contestant.id === target.by);
    return applies && mine ? [verdict(target, workload, mine, rows)] : [];
  });
}

function verdict(target: Target, workload: Workload, mine: Row, rows: readonly Row[]): Verdict {
  const measure = workload.measures.find(({ id }) => id === target.measure) ?? (workload.measures[0] as Measure);
  const [sign, limit] = "atLeast" in target ? (["≥", target.atLeast] as const) : (["≤", target.atMost] as const);
  const other = target.times && best(measure, named(target.times, rows));
  const [own, theirs] = [mine.samples.get(measure.id), other?.samples.get(measure.id)];
  const than = target.times && `× ${other?.contestant.title ?? nameOf(target.times, rows)}`;
  const head = { by: mine.contestant.title, measure, bound: `${sign} ${limit} ${than ?? measure.unit}` };
  if (!own || (target.times && !theirs)) return head;
  const is = theirs ? ratio(own, theirs) : (mine.estimates.get(measure.id) as Estimate);
  const fewest = Math.min(own.length, theirs?.length ?? own.length);
  return { ...head, is, met: fewest < 3 ? "unsure" : judged(is, sign, limit) };
}

function judged({ value, low, high }: Estimate, sign: "≥" | "≤", limit: number): "yes" | "no" | "unsure" {
  if (low < limit && limit < high) return "unsure";
  return (sign === "≥" ? value >= limit : value <= limit) ? "yes" : "no";
}

function named(ids: readonly string[], rows: readonly Row[]): Row[] {
  return rows.filter(({ contestant: { id, family } }) => ids.includes(id) || (family === "js" && ids.includes("js")));
}

/** Whom it is about, although nothing of them was measured. */
function nameOf(ids: readonly string[], rows: readonly Row[]): string {
  if (ids.includes("js")) return "the JavaScript peers";
  return ids.map((id) => rows.find(({ contestant }) => contestant.id === id)?.contestant.title ?? id).join(" or ");
}

function best({ id, better }: Measure, rows: readonly Row[]): Row | undefined {
  const value = (row: Row): number => (row.estimates.get(id) as Estimate).value;
  const able = rows.filter(({ estimates }) => estimates.has(id));
  return able.sort((a, b) => (better === "more" ? value(b) - value(a) : value(a) - value(b)))[0];
}
