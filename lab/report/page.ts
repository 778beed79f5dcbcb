/**
 * The report as one page that needs nothing else: no script, no font, no image from elsewhere.
 *
 * @module
 */
import { grouped } from "../print.ts";
import type { Measure } from "../workloads/workload.ts";
import { bars } from "./bars.ts";
import { factsSection, troubleSection } from "./facts-section.ts";
import { growthSection } from "./growth-section.ts";
import { headlineSection } from "./headline-section.ts";
import { type Html, html } from "./html.ts";
import { numbersSection } from "./numbers-section.ts";
import { style } from "./style.ts";
import type { Summary, Table } from "./summary.ts";
import { targetsSection } from "./targets-section.ts";
import { titleOf, warnings } from "./words.ts";

export function pageOf(summary: Summary): string {
  const { machine, started } = summary.results;
  const sections = [
    headlineSection(summary),
    workloadsSection(summary),
    growthSection(summary),
    targetsSection(summary),
    troubleSection(summary),
    numbersSection(summary),
    factsSection(summary),
  ].filter((section) => section !== undefined);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>gokio: the lab</title><style>${style}</style></head>
<body><header><h1>gokio, Go, Tokio and the JavaScript peers on the same work</h1>
<p class="lead">${started.slice(0, 10)} · ${machine.cores} × ${machine.cpu} · ${grouped(summary.results.samples.length)} samples, each a process of its own</p>
${warnings(summary).map((warning) => html`<p class="warning">${warning}</p>`)}
<nav aria-label="Sections"><ul>${links(summary).map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav></header>
<main>${sections}</main></body></html>
`.text;
}

function links({ tables, growth, results: { absent }, failed }: Summary): [id: string, title: string][] {
  const has = (test: (table: Table) => boolean): boolean => tables.some(test);
  const all: [boolean, string, string][] = [
    [has(({ workload }) => workload.id === "headline"), "headline", "Headline"],
    [has(({ workload }) => workload.id !== "headline"), "workloads", "Workloads"],
    [growth.some(({ curves }) => curves.length > 0), "growth", "Growth"],
    [has(({ verdicts }) => verdicts.length > 0), "targets", "Targets"],
    [failed > 0 || absent.length > 0, "trouble", "Not in the numbers"],
    [true, "numbers", "All numbers"],
    [true, "facts", "Method and machine"],
  ];
  return all.flatMap(([is, id, title]) => (is ? [[id, title] as [string, string]] : []));
}

function workloadsSection({ tables, results: { rounds } }: Summary): Html | undefined {
  const others = tables.filter(({ workload }) => workload.id !== "headline");
  if (others.length === 0) return undefined;
  return html`<section id="workloads"><h2>Workloads</h2><div class="grid">${others.map((table) => card(table, rounds))}</div></section>`;
}

function card(table: Table, rounds: number): Html {
  const { workload, rows } = table;
  return html`<div class="card"><h4>${titleOf(table)}</h4><p class="what">${workload.what}</p>
    ${bars(workload.measures[0] as Measure, rows, rounds)}</div>`;
}
