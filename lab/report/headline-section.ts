/** The headline on the page: throughput, latency and memory, for each number of messages in flight. */
import type { Measure } from "../workloads/workload.ts";
import { logAxis, ninesAxis } from "./axis.ts";
import { bars } from "./bars.ts";
import { lineChart } from "./chart.ts";
import { type Html, html } from "./html.ts";
import type { Row, Summary, Table } from "./summary.ts";
import { conditions, number } from "./words.ts";

export function headlineSection({ tables, results: { rounds } }: Summary): Html | undefined {
  const mine = tables.filter(({ workload }) => workload.id === "headline");
  const [first] = mine;
  if (first === undefined) return undefined;
  const measure = (id: string): Measure => first.workload.measures.find((each) => each.id === id) as Measure;
  return html`<section id="headline"><h2>${first.workload.title}</h2><p class="lead">${first.workload.what}</p>
    <h3>Throughput</h3>
    <div class="grid">${mine.map((table) => html`<div class="card"><h4>${conditions(table.case.params)}</h4>${bars(measure("rate"), table.rows, rounds)}</div>`)}</div>
    <h3>Latency</h3>
    <p>The part of all messages that took no longer than a time. Further left, and higher at the same place, is better.
    Both scales are logarithmic: each step upwards is a tenth of the messages that were left.</p>
    ${mine.map((table) => distribution(table))}
    <div class="grid">${mine.map((table) => html`<div class="card"><h4>${conditions(table.case.params)}</h4>${bars(measure("p99"), byMeasure(table, "p99"), rounds)}</div>`)}</div>
    <h3>Memory</h3>
    <p>Resident, less that of a process of the same program that does nothing.</p>
    <div class="grid">
      <div class="card"><h4>All actors parked</h4>${bars(measure("parked"), byMeasure(first, "parked"), rounds)}</div>
      ${mine.map((table) => html`<div class="card"><h4>At the peak, ${conditions(table.case.params)}</h4>${bars(measure("peak"), byMeasure(table, "peak"), rounds)}</div>`)}
    </div>
  </section>`;
}

function byMeasure({ rows }: Table, id: string): Row[] {
  const value = ({ estimates }: Row): number => estimates.get(id)?.value ?? Number.POSITIVE_INFINITY;
  return [...rows].sort((a, b) => value(a) - value(b));
}

function distribution(table: Table): Html {
  const lines = table.rows.flatMap(({ contestant, cdf }) => {
    if (cdf === undefined) return [];
    return [{ contestant, points: cdf.filter(([ms]) => ms > 0).map(([x, y]) => ({ x, y })) }];
  });
  if (lines.length === 0)
    return html`<p class="rest">${conditions(table.case.params)}: no distributions were measured.</p>`;
  const times = lines.flatMap(({ points }) => points.filter(({ y }) => y >= 0.1).map(({ x }) => x));
  const least = Math.min(...times);
  const cut = lines.map(({ contestant, points }) => ({
    contestant,
    points: points.filter(({ x }) => x >= 10 ** Math.floor(Math.log10(least))),
  }));
  const title = conditions(table.case.params);
  const x = logAxis("latency", times, timeLabel);
  return html`<div class="card"><h4>${title}</h4>${lineChart(`Distribution of the latency, ${title}`, x, ninesAxis("part of the messages", 4), cut)}</div>`;
}

function timeLabel(ms: number): string {
  if (ms >= 1000) return `${number(ms / 1000).replace(/\.0+$/, "")} s`;
  if (ms >= 1) return `${Math.round(ms)} ms`;
  return ms >= 0.001 ? `${Math.round(ms * 1000)} µs` : `${Math.round(ms * 1e6)} ns`;
}
