/**
 * The report in the terminal.
 *
 * @module
 */
import { heading, styled, table } from "../print.ts";
import type { Measure } from "../workloads/workload.ts";
import { columns, linesOf } from "./rows.ts";
import type { Row, Summary, Table } from "./summary.ts";
import type { Verdict } from "./verdict.ts";
import { interval, number, remarks, times, titleOf, warnings } from "./words.ts";

export function print(summary: Summary): void {
  const { results } = summary;
  const isAlone = results.contestants.every(({ family }) => family === "gokio");
  // What has several cases, and many measures, has a table for each even then.
  const single = isAlone ? summary.tables.filter(({ workload }) => workload.params === undefined) : [];
  for (const each of summary.tables) if (!single.includes(each)) printTable(each, results.rounds);
  if (single.length > 0) {
    heading("gokio alone");
    table(columns, linesOf(single, results.rounds));
  }
  const verdicts = summary.tables
    .flatMap((each) => each.verdicts.map((verdict) => ({ each, verdict })))
    .filter(({ verdict: { is } }) => is !== undefined || !isAlone);
  if (verdicts.length > 0) {
    heading("Targets");
    table(
      [
        { title: "" },
        { title: "work" },
        { title: "by" },
        { title: "measure" },
        { title: "target" },
        { title: "is", align: "right" },
      ],
      verdicts.map(({ each, verdict }) => verdictLine(titleOf(each), verdict)),
    );
  }
  if (results.absent.length > 0) heading("Who did not take part");
  for (const { title, why } of results.absent) console.log(`${title}: ${why}`);
  console.log("");
  for (const warning of warnings(summary)) console.log(styled("red", warning));
  console.log(
    styled(
      "dim",
      isAlone
        ? "Medians, with intervals of 95 % (bootstrap). Targets that compare gokio with others can't be told without them."
        : "Medians, with intervals of 95 % (bootstrap). The lead is how many times as good as the best rival.",
    ),
  );
}

function printTable(each: Table, rounds: number): void {
  const { workload, rows } = each;
  const [main, ...others] = workload.measures as [Measure, ...Measure[]];
  heading(titleOf(each));
  const shown = others.filter(({ id }) => rows.some(({ estimates }) => estimates.has(id)));
  table(
    [
      { title: "" },
      { title: main.unit, align: "right" },
      { title: "95 %" },
      { title: "lead", align: "right" },
      ...shown.map(({ id, unit }) => ({ title: `${id} ${unit}`, align: "right" as const })),
      { title: "" },
    ],
    rows.filter(({ missing }) => !missing).map((row) => line(row, each, main, shown, rounds)),
  );
  const lacking = rows.filter(({ missing }) => missing).map(({ contestant }) => contestant.title);
  if (lacking.length > 0) console.log(styled("dim", `not in ${lacking.join(", ")}`));
}

function line(row: Row, { rival }: Table, main: Measure, others: readonly Measure[], rounds: number): string[] {
  const { contestant, estimates, lead } = row;
  const value = estimates.get(main.id);
  const name = contestant.family === "gokio" ? styled("bold", contestant.title) : contestant.title;
  const notes = remarks(row, rounds).join("; ");
  return [
    name,
    value ? number(value.value) : "–",
    value ? interval(value) : "",
    lead ? times(lead) : row === rival ? "rival" : "",
    ...others.map(({ id }) => {
      const other = estimates.get(id);
      return other ? number(other.value) : "–";
    }),
    row.failures.length > 0 ? styled("red", notes) : styled("dim", notes),
  ];
}

const SIGNS = { yes: "✓", no: "✗", unsure: "≈" } as const;

function verdictLine(title: string, { by, measure, bound, is, met }: Verdict): string[] {
  const sign = met === undefined ? "–" : styled(met === "yes" ? "green" : met === "no" ? "red" : "cyan", SIGNS[met]);
  return [sign, title, by, measure.title, bound, is ? `${number(is.value)} (${interval(is)})` : "not measured"];
}
