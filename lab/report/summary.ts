/**
 * What the samples of a run say: medians with their intervals, who is ahead, and which targets are met.
 *
 * Only samples with the right result count. Those that failed are told beside the numbers, and never become one.
 *
 * @module
 */
import type { Case, Cdf, Contestant, Failure, Results, Taken } from "../runner/format.ts";
import { type Estimate, estimate, median, ratio } from "../runner/statistics.ts";
import { workloads } from "../workloads/index.ts";
import type { Measure, Values, Workload } from "../workloads/workload.ts";
import { medianCdf } from "./distribution.ts";
import { type Verdict, verdictsOf } from "./verdict.ts";

/** A contestant in a case. */
export interface Row {
  readonly contestant: Contestant;
  /** By the id of the measure: what was computed of each sample, and what follows from all. */
  readonly samples: ReadonlyMap<string, readonly number[]>;
  readonly estimates: ReadonlyMap<string, Estimate>;
  /** How many times as good as the best rival it is, by the main measure: above 1 is better, whatever is measured. */
  readonly lead?: Estimate;
  readonly cdf?: Cdf;
  readonly counted: number;
  readonly disturbed: number;
  readonly missing: boolean;
  readonly failures: readonly { readonly why: Failure; readonly detail: string }[];
}

export interface Table {
  readonly workload: Workload;
  readonly case: Case;
  /** The best first; who has no number comes last. */
  readonly rows: readonly Row[];
  readonly rival?: Row;
  readonly verdicts: readonly Verdict[];
}

export interface Curve {
  readonly contestant: Contestant;
  readonly points: readonly { readonly n: number; readonly cost: Estimate }[];
}

export interface Summary {
  readonly results: Results;
  readonly tables: readonly Table[];
  readonly growth: readonly { readonly workload: Workload; readonly curves: readonly Curve[] }[];
  readonly disturbed: number;
  readonly failed: number;
  /** How many samples were planned of those that can be taken at all, and are not there. */
  readonly isComplete: boolean;
}

export function summaryOf(results: Results): Summary {
  const byPair = grouped(results.samples);
  const rowOf = (each: Case, contestant: Contestant): Row => {
    const samples = byPair.get(`${each.key}|${contestant.id}`) ?? [];
    const missing = lacks(results, each, contestant);
    return { ...row(workloadOf(each), each, contestant, samples, emptyOf(results, contestant)), missing };
  };
  const tables = results.cases
    .filter(({ main }) => main)
    .map((each) =>
      tableOf(
        each,
        results.contestants.map((who) => rowOf(each, who)),
      ),
    );
  const grown = new Set(results.cases.filter(({ n }) => n !== undefined).map(workloadOf));
  return {
    ...{ results, tables: tables.filter(({ workload }) => workload.id !== "empty") },
    growth: [...grown].map((workload) => ({ workload, curves: curvesOf(workload, results, rowOf) })),
    disturbed: results.samples.filter(({ disturbed }) => disturbed).length,
    failed: results.samples.filter(({ outcome }) => outcome.kind === "failed").length,
    isComplete: results.cases.every((each) =>
      results.contestants.every((who) => isDone(byPair.get(`${each.key}|${who.id}`), results, each, who)),
    ),
  };
}

function row(
  workload: Workload,
  point: Case,
  contestant: Contestant,
  taken: readonly Taken[],
  empty: Values,
): Omit<Row, "missing"> {
  const good = taken.filter(({ outcome }) => outcome.kind === "ok");
  const all = [...workload.measures, ...(workload.growth ? [workload.growth.cost] : [])];
  const samples = new Map<string, number[]>();
  for (const { id, of } of all) {
    const values = good.flatMap(({ outcome }) => {
      if (outcome.kind !== "ok") return [];
      const value = of({ size: point.size, params: point.params, ms: outcome.ms, values: outcome.values, empty });
      return value === undefined || !Number.isFinite(value) ? [] : [value];
    });
    if (values.length > 0) samples.set(id, values);
  }
  const cdfs = good.flatMap(({ outcome }) => (outcome.kind === "ok" && outcome.cdf ? [outcome.cdf] : []));
  return {
    ...{ contestant, samples, estimates: new Map([...samples].map(([id, values]) => [id, estimate(values)])) },
    ...(cdfs.length > 0 && { cdf: medianCdf(cdfs) }),
    counted: good.length,
    disturbed: taken.filter(({ disturbed }) => disturbed).length,
    failures: taken.flatMap(({ outcome }) => (outcome.kind === "failed" ? [outcome] : [])),
  };
}

function tableOf(point: Case, rows: readonly Row[]): Table {
  const workload = workloadOf(point);
  const [main] = workload.measures as [Measure];
  const ranked = [...rows].sort((a, b) => compare(main, a, b));
  const rival = ranked.find(({ contestant, samples }) => contestant.family !== "gokio" && samples.has(main.id));
  const led = ranked.map((each): Row => {
    const [mine, theirs] = [each.samples.get(main.id), rival?.samples.get(main.id)];
    if (!mine || !theirs || each === rival) return each;
    return { ...each, lead: main.better === "more" ? ratio(mine, theirs) : ratio(theirs, mine) };
  });
  return { workload, case: point, rows: led, ...(rival && { rival }), verdicts: verdictsOf(workload, point, led) };
}

/** The better first, those without a number last. */
function compare({ id, better }: Measure, a: Row, b: Row): number {
  const [x, y] = [a.estimates.get(id)?.value, b.estimates.get(id)?.value];
  if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
  return better === "more" ? y - x : x - y;
}

function curvesOf(workload: Workload, results: Results, rowOf: (each: Case, who: Contestant) => Row): Curve[] {
  const id = workload.growth?.cost.id ?? "";
  const cases = results.cases.filter((each) => each.workload === workload.id && each.n !== undefined);
  const curves = results.contestants.map((contestant): Curve => {
    const points = cases.flatMap((each) => {
      const cost = rowOf(each, contestant).estimates.get(id);
      return cost === undefined ? [] : [{ n: each.n as number, cost }];
    });
    return { contestant, points: points.sort((a, b) => a.n - b.n) };
  });
  return curves.filter(({ points }) => points.length > 0);
}

/** What the process of a contestant takes when it does nothing. */
function emptyOf({ samples }: Results, { id }: Contestant): Values {
  const readings = samples.flatMap(({ case: key, contestant, outcome }) =>
    contestant === id && key.startsWith("empty ") && outcome.kind === "ok" ? [outcome.values] : [],
  );
  const names = new Set(readings.flatMap((values) => Object.keys(values)));
  return Object.fromEntries([...names].map((name) => [name, median(readings.flatMap((values) => values[name] ?? []))]));
}

function isDone(taken: readonly Taken[] = [], results: Results, point: Case, who: Contestant): boolean {
  if (taken.length >= results.rounds || taken.filter(({ outcome }) => outcome.kind === "failed").length > 1)
    return true;
  return lacks(results, point, who);
}

/** Who does not have a workload has it in no size: it is asked only once. */
function lacks({ samples }: Results, { workload }: Case, { id }: Contestant): boolean {
  return samples.some(
    ({ case: key, contestant, outcome }) =>
      outcome.kind === "missing" && contestant === id && key.startsWith(`${workload} `),
  );
}

function workloadOf({ workload: id }: Case): Workload {
  const workload = workloads.find((each) => each.id === id);
  if (workload === undefined) throw new Error(`the results have a workload ${id}, which this lab does not know`);
  return workload;
}

function pairOf({ case: key, contestant }: Taken): string {
  return `${key}|${contestant}`;
}

function grouped(samples: readonly Taken[]): Map<string, Taken[]> {
  const groups = new Map<string, Taken[]>();
  for (const sample of samples) groups.set(pairOf(sample), [...(groups.get(pairOf(sample)) ?? []), sample]);
  return groups;
}
