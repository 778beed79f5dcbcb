/** How costs grow, on the page: lines on logarithmic axes. A level line means that each costs the same, however many there are. */
import { grouped } from "../print.ts";
import { logAxis } from "./axis.ts";
import { lineChart } from "./chart.ts";
import { type Html, html } from "./html.ts";
import type { Curve, Summary } from "./summary.ts";
import { number } from "./words.ts";

export function growthSection({ growth }: Summary): Html | undefined {
  const charts = growth.flatMap(({ workload, curves }) => {
    if (workload.growth === undefined || curves.length === 0) return [];
    const { title: work, of, cost } = workload.growth;
    const lines = curves.map((curve) => ({ contestant: curve.contestant, points: pointsOf(curve, of, cost.unit) }));
    const all = lines.flatMap(({ points }) => points);
    if (all.length === 0) return [];
    const [x, y] = [
      logAxis(
        `number of ${of}`,
        all.map((point) => point.x),
      ),
      logAxis(
        cost.unit,
        all.flatMap(({ low, high }) => [low, high]),
      ),
    ];
    const title = `${work}: ${cost.title}`;
    return [html`<div class="card"><h4>${title}</h4>${lineChart(title, x, y, lines)}</div>`];
  });
  if (charts.length === 0) return undefined;
  return html`<section id="growth"><h2>How costs grow</h2>
    <p class="lead">Both axes are logarithmic. A level line means that each costs the same, however many there are. Small sizes are over before
    a compiler has looked at them.</p>${charts}</section>`;
}

/** What is not above zero has no place on the axis: memory that has shrunk. */
function pointsOf({ contestant, points }: Curve, of: string, unit: string) {
  return points.flatMap(({ n, cost: { value, low, high } }) => {
    if (low <= 0) return [];
    return [{ x: n, y: value, low, high, note: `${contestant.title}, ${grouped(n)} ${of}: ${number(value)} ${unit}` }];
  });
}
