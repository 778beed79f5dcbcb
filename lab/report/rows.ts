/**
 * Many cases in one table, with a line for each number: for a run in which gokio is alone, so that there is nobody to stand beside.
 *
 * @module
 */
import type { Column } from "../print.ts";
import type { Row, Table } from "./summary.ts";
import { interval, number, remarks, titleOf } from "./words.ts";

export const columns: readonly Column[] = [
  { title: "work" },
  { title: "by" },
  { title: "measure" },
  { title: "median", align: "right" },
  { title: "" },
  { title: "95 %" },
  { title: "" },
];

/** The lines of the cases, in their order; of each, those of the contestants that have it, as they are ranked. */
export function linesOf(tables: readonly Table[], rounds: number): string[][] {
  return tables.flatMap((each) =>
    each.rows.filter(({ missing }) => !missing).flatMap((row) => linesOfRow(each, row, rounds)),
  );
}

function linesOfRow(each: Table, row: Row, rounds: number): string[][] {
  const [work, by, notes] = [titleOf(each), row.contestant.title, remarks(row, rounds).join("; ")];
  const measured = each.workload.measures.flatMap(({ id, title, unit }) => {
    const estimate = row.estimates.get(id);
    return estimate ? [[work, by, title, number(estimate.value), unit, interval(estimate), notes]] : [];
  });
  return measured.length > 0 ? measured : [[work, by, "", "–", "", "", notes]];
}
