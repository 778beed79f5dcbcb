/** The report of a run: in the terminal, and as a page. */
import { join } from "node:path";
import { styled } from "../print.ts";
import type { Results } from "../runner/format.ts";
import { replace, writeResults } from "../runner/journal.ts";
import { cache } from "../runner/root.ts";
import { pageOf } from "./page.ts";
import { summaryOf } from "./summary.ts";
import { print } from "./terminal.ts";

export function present(results: Results): void {
  print(summaryOf(results));
}

/** Writes the results and the page, to `out` with an ending of their own. */
export function save(results: Results, out = join(cache, "reports", results.id)): void {
  writeResults(`${out}.json`, results);
  replace(`${out}.html`, pageOf(summaryOf(results)));
  console.log(styled("dim", `results: ${out}.json\npage:    ${out}.html`));
}
