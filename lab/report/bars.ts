/**
 * Bars: one for each contestant, with its interval as a whisker. They are boxes of the page, so that the letters beside keep their
 * size on any screen.
 *
 * @module
 */
import type { Measure } from "../workloads/workload.ts";
import { type Html, html } from "./html.ts";
import { lookOf } from "./look.ts";
import type { Row } from "./summary.ts";
import { interval, number, remarks } from "./words.ts";

/** The bars of a measure, in the order of the rows; who has no number is named below. */
export function bars({ id, title, unit, better }: Measure, rows: readonly Row[], rounds: number): Html {
  const able = rows.filter(({ estimates }) => estimates.has(id));
  const most = Math.max(...able.map(({ estimates }) => estimates.get(id)?.high ?? 0), Number.MIN_VALUE);
  const rest = rows.filter(({ estimates, missing }) => !estimates.has(id) && !missing);
  return html`<div class="bars">
    <p class="measure">${title}, <b>${unit}</b> <span>(${better} is better)</span></p>
    ${able.map((row) => bar(row, id, most, rounds))}
    ${rest.length > 0 && html`<p class="rest">no number: ${rest.map(({ contestant }) => contestant.title).join(", ")}</p>`}
  </div>`;
}

function bar(row: Row, id: string, most: number, rounds: number): Html {
  const { contestant, failures, disturbed } = row;
  const { value, low, high } = row.estimates.get(id) as { value: number; low: number; high: number };
  const part = (of: number): string => `${(Math.max(0, of / most) * 100).toFixed(2)}%`;
  const style = `--colour:var(${lookOf(contestant).colour});--value:${part(value)};--low:${part(low)};--high:${part(high)}`;
  const notes = remarks(row, rounds).join("; ");
  const told = `${contestant.title}: ${number(value)}, interval ${interval({ value, low, high })}${notes && `; ${notes}`}`;
  const striped = contestant.id.endsWith("-1") || contestant.id.includes("@") ? " striped" : "";
  return html`<div class="bar ${contestant.family}" title="${told}">
    <span class="who">${contestant.title}</span>
    <span class="track" style="${style}"><i class="fill${striped}"></i>${low < high && html`<i class="whisker"></i>`}</span>
    <span class="value">${number(value)}${failures.length > 0 && html`<b class="bad" title="${notes}"> !</b>`}${disturbed > 0 && html`<b class="busy" title="${notes}"> ~</b>`}</span>
  </div>`;
}
