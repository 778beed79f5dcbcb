/** What the report says of samples that went well, that failed, and that are not there. */
import { describe, expect, it } from "vitest";
import { pageOf } from "../report/page.ts";
import { linesOf } from "../report/rows.ts";
import { type Row, type Summary, summaryOf } from "../report/summary.ts";
import { warnings } from "../report/words.ts";
import type { Contestant, Header, Taken } from "../runner/format.ts";
import { keyOf } from "../runner/format.ts";
import { caseOf, header, taken } from "./support.ts";

const gokio: Contestant = { id: "gokio", title: "gokio", family: "gokio", version: "Node 20" };
const go: Contestant = { id: "go-2", title: "Go, 2 procs", family: "go", version: "Go 1.26" };
const tokio: Contestant = { id: "tokio-1", title: "Tokio, 1 thread", family: "tokio", version: "Tokio 1" };

function summary(samples: readonly Taken[], more: Partial<Header> = {}): Summary {
  return summaryOf({ ...header({ contestants: [gokio, go, tokio], ...more }), samples });
}

function rowOf(of: Summary, id: string): Row {
  return of.tables[0]?.rows.find(({ contestant }) => contestant.id === id) as Row;
}

const failed = (contestant: string, round: number): Taken =>
  taken(contestant, 0, { round, outcome: { kind: "failed", why: "wrong result", detail: "1 instead of <b>4950</b>" } });

describe("a contestant's row", () => {
  const mine = [1, 2, 3].map((round) => taken("gokio", round, { round }));
  const theirs = [1, 2, 3].map((round) => taken("go-2", 4, { round }));

  it("has the median and its interval, and the lead over the best rival", () => {
    const all = summary([...mine, ...theirs]);
    const rate = rowOf(all, "gokio").estimates.get("rate");
    // 100 values in 1, 2 and 3 ms.
    expect(rate?.value).toBeCloseTo(0.05);
    expect(rate?.low).toBeCloseTo(0.1 / 3);
    expect(rate?.high).toBeCloseTo(0.1);
    expect(rowOf(all, "gokio").lead?.value).toBeCloseTo(2);
    expect(all.tables[0]?.rival?.contestant.id).toBe("go-2");
    expect(rowOf(all, "go-2").lead).toBeUndefined();
  });

  it("has no number if every result was wrong", () => {
    const row = rowOf(summary([...mine, failed("go-2", 1), failed("go-2", 2)]), "go-2");
    expect([row.estimates.size, row.counted, row.failures.length]).toEqual([0, 0, 2]);
  });

  it("has the number of the right results, and says how many were wrong", () => {
    const row = rowOf(summary([taken("go-2", 4), failed("go-2", 2)]), "go-2");
    expect(row.samples.get("rate")).toEqual([100 / 4 / 1000]);
    expect(row.failures).toHaveLength(1);
  });

  it("takes off what the empty process takes of memory", () => {
    const params = { actors: 10_000, inflight: 100 };
    const key = keyOf("headline", 1_000_000, params);
    const cases = [{ key, workload: "headline", size: 1_000_000, params, main: true }, caseOf("empty", 0)];
    const values = { parked: 50e6, peak: 70e6 };
    const samples = [
      taken("gokio", 250, { case: key, outcome: { kind: "ok", ms: 250, values } }),
      taken("gokio", 0, { case: "empty 0", outcome: { kind: "ok", ms: 0, values: { parked: 40e6, peak: 45e6 } } }),
      taken("go-2", 250, { case: key, outcome: { kind: "ok", ms: 250, values } }),
    ];
    const all = summary(samples, { cases });
    expect(rowOf(all, "gokio").estimates.get("parked")?.value).toBe(10);
    expect(rowOf(all, "gokio").estimates.get("peak")?.value).toBe(25);
    // Without an empty process there is nothing to compare.
    expect(rowOf(all, "go-2").estimates.has("parked")).toBe(false);
  });
});

describe("gokio alone", () => {
  it("has a line for each number, in the order of the cases", () => {
    const cases = [caseOf("rendezvous"), caseOf("parked-task")];
    const asyncs: Contestant = { ...gokio, id: "gokio-async", title: "gokio, async" };
    const values = { bytes: 900, heap: 350 };
    const samples = [
      taken("gokio", 2),
      taken("gokio-async", 4),
      taken("gokio", 9, { case: "parked-task 100", outcome: { kind: "ok", ms: 9, values } }),
      taken("gokio-async", 0, {
        case: "parked-task 100",
        outcome: { kind: "failed", why: "crash", detail: "out of luck" },
      }),
    ];
    const { tables, results } = summary(samples, { cases, contestants: [gokio, asyncs], rounds: 1 });
    expect(linesOf(tables, results.rounds)).toEqual([
      ["Rendezvous channel", "gokio", "throughput", "0.050", "M values/s", "0.050", ""],
      ["Rendezvous channel", "gokio, async", "throughput", "0.025", "M values/s", "0.025", ""],
      ["Memory of a parked task", "gokio", "resident, for each task", "900", "B", "900", ""],
      ["Memory of a parked task", "gokio", "on the heap, for each task", "350", "B", "350", ""],
      ["Memory of a parked task", "gokio, async", "", "–", "", "", "crash in 1 of 1: out of luck"],
    ]);
  });
});

describe("a target", () => {
  const run = (mine: number[], theirs: number[]) =>
    summary([
      ...mine.map((ms, i) => taken("gokio", ms, { round: i + 1 })),
      ...theirs.map((ms, i) => taken("go-2", ms, { round: i + 1 })),
    ]).tables[0]?.verdicts[0];

  it("is met, or missed, or one can't tell", () => {
    // The target is 1.5 times the rate of Go.
    expect(run([1, 1, 1], [2, 2, 2])?.met).toBe("yes");
    expect(run([2, 2, 2], [2, 2, 2])?.met).toBe("no");
    expect(run([1, 2, 1.2], [2, 2, 2])?.met).toBe("unsure");
    expect(run([1, 1], [2, 2])?.met).toBe("unsure");
  });

  it("is neither if the rival is missing", () => {
    expect(run([1, 1, 1], [])).toMatchObject({ bound: "≥ 1.5 × Go, 2 procs" });
    expect(run([1, 1, 1], [])?.met).toBeUndefined();
  });
});

describe("the report", () => {
  it("says so if many samples were disturbed, if some failed, and if some are not there", () => {
    const disturbed = taken("go-2", 1, { disturbed: true, others: 0.6 });
    const all = summary([taken("gokio", 1), disturbed, failed("tokio-1", 1)], { quick: false });
    expect(warnings(all)).toEqual([
      "The machine was busy with other things during 1 of 3 samples: compare only what was measured side by side.",
      "1 sample failed; no number was made of them.",
      "Not all samples were taken.",
    ]);
  });

  it("has nothing to say of a run that went well", () => {
    const samples = [gokio, go, tokio].flatMap(({ id }) => [1, 2, 3].map((round) => taken(id, 1, { round })));
    expect(warnings(summary(samples, { quick: false }))).toEqual([]);
  });

  it("is one page that loads nothing, with who is missing and what failed, and no markup of theirs", () => {
    const absent = [{ id: "tokio-2", title: "Tokio, 2 workers", why: "Rust is not installed here" }];
    const page = pageOf(summary([taken("gokio", 1), failed("go-2", 1)], { absent }));
    expect(page).not.toMatch(/<script|<link|<img|src=|url\(|https?:/);
    expect(page).toContain("Rust is not installed here");
    expect(page).toContain("1 instead of &lt;b&gt;4950&lt;/b&gt;");
    expect(page).not.toContain("NaN");
    expect(page).not.toContain("undefined");
  });

  it("is possible of a run in which nothing was measured", () => {
    expect(pageOf(summary([]))).not.toContain("NaN");
  });
});
