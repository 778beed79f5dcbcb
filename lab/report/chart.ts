/**
 * Line charts as inline SVG.
 *
 * Each is drawn twice, for a wide and for a narrow page, and the style shows one: a drawing that is shrunk to a phone would
 * have letters too small to read.
 *
 * @module
 */
import type { Contestant } from "../runner/format.ts";
import type { Axis } from "./axis.ts";
import { type Html, html } from "./html.ts";
import { legend, lookOf } from "./look.ts";

export interface Line {
  readonly contestant: Contestant;
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
  /** The ends of the interval of y, if it has one. */
  readonly low?: number;
  readonly high?: number;
  /** Shown with a mark, and told when one points at it. */
  readonly note?: string;
}

interface Size {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

const SIZES: readonly Size[] = [
  { name: "wide", width: 1080, height: 460 },
  { name: "narrow", width: 350, height: 330 },
];
const MARGIN = { top: 30, right: 26, bottom: 46, left: 62 };

export function lineChart(description: string, x: Axis, y: Axis, lines: readonly Line[]): Html {
  return html`<figure class="chart">${SIZES.map((size) => drawing(size, description, x, y, lines))}
    ${legend(lines.map(({ contestant }) => contestant))}</figure>`;
}

function drawing({ name, width, height }: Size, description: string, x: Axis, y: Axis, lines: readonly Line[]): Html {
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const toX = (value: number): number => round(MARGIN.left + x.at(value) * (right - MARGIN.left));
  const toY = (value: number): number => round(bottom - y.at(value) * (bottom - MARGIN.top));
  // The titles of the ticks must not run into each other.
  const step = Math.ceil((x.ticks.length * 44) / (right - MARGIN.left));
  return html`<svg class="${name}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}">
    ${x.ticks.map(
      (
        { value, label },
        i,
      ) => html`<line class="rule" x1="${toX(value)}" x2="${toX(value)}" y1="${MARGIN.top}" y2="${bottom}"/>
    ${i % step === 0 && html`<text class="tick" x="${toX(value)}" y="${bottom + 18}" text-anchor="middle">${label}</text>`}`,
    )}
    ${y.ticks.map(
      ({
        value,
        label,
      }) => html`<line class="rule" x1="${MARGIN.left}" x2="${right}" y1="${toY(value)}" y2="${toY(value)}"/>
    <text class="tick" x="${MARGIN.left - 8}" y="${toY(value) + 4}" text-anchor="end">${label}</text>`,
    )}
    <text class="axis" x="${(MARGIN.left + right) / 2}" y="${height - 6}" text-anchor="middle">${x.title}</text>
    <text class="axis" x="0" y="12">${y.title}</text>
    ${[...lines].reverse().map((line) => drawn(line, toX, toY))}
  </svg>`;
}

function drawn({ contestant, points }: Line, toX: (x: number) => number, toY: (y: number) => number): Html {
  const { colour, dash, width } = lookOf(contestant);
  const path = points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${toX(x)} ${toY(y)}`).join("");
  return html`<g style="stroke:var(${colour});fill:var(${colour})">
    <path class="line" d="${path}" stroke-width="${width}" stroke-dasharray="${dash}"><title>${contestant.title}</title></path>
    ${points.map(({ x, y, low, high, note }) => [
      low !== undefined &&
        high !== undefined &&
        low !== high &&
        html`<line x1="${toX(x)}" x2="${toX(x)}" y1="${toY(low)}" y2="${toY(high)}" stroke-width="1.5"/>`,
      note !== undefined &&
        html`<circle cx="${toX(x)}" cy="${toY(y)}" r="3.5" stroke="none"><title>${note}</title></circle>`,
    ])}</g>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
