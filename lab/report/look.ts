/**
 * How each contestant looks: a hue for each system, and a dash for each way to run it. So lines can be told apart without colours,
 * too.
 *
 * @module
 */
import type { Contestant } from "../runner/format.ts";
import { type Html, html } from "./html.ts";

export interface Look {
  /** The name of a custom property of the page. */
  readonly colour: string;
  readonly dash: string;
  readonly width: number;
}

/** Of those peers that share a colour. */
const DASHES: Readonly<Record<string, string>> = {
  "ts-chan-unsafe": "6 4",
  rxjs: "6 4",
  "async-mutex": "2 3",
  "p-limit": "9 3 2 3",
  generators: "1 4",
};

export function lookOf({ id, family }: Pick<Contestant, "id" | "family">): Look {
  const thin = { dash: "6 4", width: 1.75 };
  if (family === "gokio") {
    const dash = id.includes("@") ? "2 4" : "";
    return id.startsWith("gokio-async")
      ? { colour: "--gokio-async", dash, width: 2 }
      : { colour: "--gokio", dash, width: 3 };
  }
  if (family === "js") {
    const colour = id === "effect" ? "--effect" : id.startsWith("ts-chan") ? "--ts-chan" : "--js";
    return { colour, dash: DASHES[id] ?? "", width: 1.75 };
  }
  const colour = family === "go" ? "--go" : "--tokio";
  return id.endsWith("-1") ? { colour, ...thin } : { colour, dash: "", width: 2 };
}

/** What the lines of a chart are, each with its dash. */
export function legend(contestants: readonly Contestant[]): Html {
  return html`<ul class="legend">${contestants.map((contestant) => {
    const { colour, dash, width } = lookOf(contestant);
    const line = html`<line x1="1" y1="6" x2="27" y2="6" style="stroke:var(${colour})" stroke-width="${width}" stroke-dasharray="${dash}"/>`;
    return html`<li><svg width="28" height="12" aria-hidden="true">${line}</svg>${contestant.title}</li>`;
  })}</ul>`;
}
