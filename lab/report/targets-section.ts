/** What gokio is to reach, and whether it does, on the page. */
import { type Html, html } from "./html.ts";
import type { Summary } from "./summary.ts";
import type { Verdict } from "./verdict.ts";
import { interval, number, titleOf } from "./words.ts";

const WORDS = { yes: "met", no: "missed", unsure: "can't tell" } as const;
const SIGNS = { yes: "✓", no: "✗", unsure: "≈" } as const;

export function targetsSection({ tables }: Summary): Html | undefined {
  const all = tables.flatMap((table) => table.verdicts.map((verdict) => ({ title: titleOf(table), verdict })));
  if (all.length === 0) return undefined;
  const met = all.filter(({ verdict }) => verdict.met === "yes").length;
  return html`<section id="targets"><h2>Targets</h2>
    <p class="lead">${met} of ${all.length} are met. Where the interval holds the bound, or is of fewer than 3 samples, one can't tell.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Targets"><table>
    <thead><tr><th scope="col"></th><th scope="col">work</th><th scope="col">by</th><th scope="col">measure</th><th scope="col">target</th><th scope="col" class="n">is</th></tr></thead>
    <tbody>${all.map(({ title, verdict }) => line(title, verdict))}</tbody></table></div></section>`;
}

function line(title: string, { by, measure, bound, is, met }: Verdict): Html {
  const verdict = met
    ? html`<span class="verdict ${met}"><span aria-hidden="true">${SIGNS[met]}</span> ${WORDS[met]}</span>`
    : "not measured";
  return html`<tr><td>${verdict}</td><th scope="row">${title}</th><td>${by}</td><td>${measure.title}</td><td>${bound}</td>
    <td class="n">${is ? html`${number(is.value)}<br><small>${interval(is)}</small>` : "–"}</td></tr>`;
}
