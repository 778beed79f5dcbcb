/**
 * What the guard compares with: lab/guard/baseline.json, for each major version of Node.
 *
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lab } from "../runner/root.ts";
import type { Figures } from "./figures.ts";

export interface Baseline {
  /** Where the figures are from: another V8 may optimise otherwise. */
  readonly node: string;
  readonly figures: Readonly<Record<string, Figures>>;
}

/** By major version. */
export type Baselines = Readonly<Record<string, Baseline>>;

export const baselineFile = join(lab, "guard/baseline.json");

export function readBaselines(file = baselineFile): Baselines {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Baselines) : {};
}

export function writeBaselines(baselines: Baselines, file = baselineFile): void {
  writeFileSync(file, `${JSON.stringify(baselines, undefined, 2)}\n`);
}

export function majorOf(version: string): string {
  return version.replace(/^v/, "").split(".")[0] as string;
}
