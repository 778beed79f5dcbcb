/** Where the numbers come from, on the page: the machine, the versions, how it was measured, and what went wrong. */
import { tolerance } from "../runner/load.ts";
import { type Html, html } from "./html.ts";
import type { Summary } from "./summary.ts";
import { titleOf } from "./words.ts";

export function factsSection({ results, disturbed }: Summary): Html {
  const { machine, versions, contestants, seed, rounds, samples, commit, changes, started } = results;
  const facts: [string, string][] = [
    ["Machine", `${machine.cores} × ${machine.cpu}, ${(machine.memory / 2 ** 30).toFixed(0)} GB, ${machine.os}`],
    ["Begun", started],
    ["Commit", `${commit}${changes === null ? "" : `, with changes (${changes})`}`],
    ...Object.entries(versions).map(([name, version]): [string, string] => [name, version]),
    ["Contestants", contestants.map(({ title, version }) => `${title} (${version})`).join(", ")],
    ["Samples", `${samples.length}, of which ${disturbed} while others had more than ${tolerance} of the machine`],
  ];
  return html`<section id="facts"><h2>How it was measured</h2>
    <p>Each sample is a fresh process. The contestants of a workload run one right after another, in an order that is random in each
    of ${rounds} rounds (seed ${seed}). They warm up with a tenth of the size, but for the headline and memory, which start cold. The result of each
    sample is checked; one whose result is wrong is a failure, not a number. Before and after each sample the runner reads how busy the
    machine was with other things; disturbed samples are marked with ~, and count like the others.</p>
    <dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
}

/** Failures and absences; nothing if there are none. */
export function troubleSection({ tables, results: { absent } }: Summary): Html | undefined {
  const failures = tables.flatMap((table) =>
    table.rows.flatMap(({ contestant, failures: all }) =>
      all.map(
        ({ why, detail }) => html`<li><b>${contestant.title}</b>, ${titleOf(table)}: ${why}.
      <pre>${detail}</pre></li>`,
      ),
    ),
  );
  if (failures.length === 0 && absent.length === 0) return undefined;
  return html`<section id="trouble"><h2>What is not in the numbers</h2>
    ${absent.length > 0 && html`<h4>Who did not take part</h4><ul>${absent.map(({ title, why }) => html`<li><b>${title}</b>: ${why}</li>`)}</ul>`}
    ${failures.length > 0 && html`<h4>What failed</h4><ul>${failures}</ul>`}</section>`;
}
