/** All numbers on the page, as a table for each case. */
import { grouped } from "../print.ts";
import type { Measure } from "../workloads/workload.ts";
import { type Html, html } from "./html.ts";
import { lookOf } from "./look.ts";
import type { Row, Summary, Table } from "./summary.ts";
import { interval, number, remarks, times, titleOf } from "./words.ts";

export function numbersSection({ tables, results: { rounds } }: Summary): Html {
  return html`<section id="numbers"><h2>All numbers</h2>
    <p class="lead">Medians with intervals of 95 %. The lead is how many times as good as the best rival a contestant is by the first measure:
    above 1 is better, whatever is measured.</p>
    ${tables.map((table) => details(table, rounds))}</section>`;
}

function details(table: Table, rounds: number): Html {
  const { workload, rows, rival, case: point } = table;
  const measures = workload.measures.filter(({ id }, i) => i === 0 || rows.some(({ estimates }) => estimates.has(id)));
  const able = rows.filter(({ missing }) => !missing);
  const lacking = rows.filter(({ missing }) => missing).map(({ contestant }) => contestant.title);
  const params = Object.entries(point.params).map(([name, value]) => `, ${name} = ${grouped(value)}`);
  return html`<h4>${titleOf(table)} <small>N = ${grouped(point.size)}${params}</small></h4>
    <div class="scroll" tabindex="0" role="region" aria-label="${titleOf(table)}"><table>
    <thead><tr><th scope="col">contestant</th>${measures.map(({ title, unit }) => html`<th scope="col" class="n">${title}<br><small>${unit}</small></th>`)}
      <th scope="col" class="n">lead</th><th scope="col">remarks</th></tr></thead>
    <tbody>${able.map(
      (row) => html`<tr class="${row.contestant.family}">
      <th scope="row"><i class="dot" style="background:var(${lookOf(row.contestant).colour})"></i>${row.contestant.title}</th>
      ${measures.map((measure) => cell(row, measure))}
      <td class="n">${row.lead ? html`${times(row.lead)}<br><small>${interval(row.lead)}</small>` : row === rival ? "best rival" : ""}</td>
      <td class="${row.failures.length > 0 ? "remark bad" : "remark"}">${remarks(row, rounds).join("; ")}</td></tr>`,
    )}
    </tbody></table></div>
    ${lacking.length > 0 && html`<p class="rest">Not in ${lacking.join(", ")}.</p>`}`;
}

function cell({ estimates }: Row, { id }: Measure): Html {
  const value = estimates.get(id);
  if (value === undefined) return html`<td class="n">–</td>`;
  return html`<td class="n">${number(value.value)}<br><small>${interval(value)}</small></td>`;
}
