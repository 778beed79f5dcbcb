/**
 * `npm run bench -- [filter …] [--samples n]`: the single-thread rows, through the public exports of the built package; with filters, those
 * whose name has one of them.
 *
 * Each sample is a fresh process, warmed up by one run; the samples of all rows are interleaved, so that a slow minute of the
 * machine spreads over all of them. What counts is the median.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import type { Row } from "./case.ts";
import { rows } from "./cases/index.ts";
import { inChild } from "./child.ts";
import { provenance } from "./machine.ts";
import { heading, Progress, short, styled, table } from "./print.ts";

const { values: options, positionals } = parseArgs({
  options: { samples: { type: "string", default: "5" } },
  allowPositionals: true,
});

const samples = Number(options.samples);
if (!Number.isInteger(samples) || samples < 1) refuse(`--samples must be 1 or more, not ${options.samples}`);

const wanted = rows.filter((row) => {
  const name = `${row.work} ${row.by}`.toLowerCase();
  return positionals.length === 0 || positionals.some((filter) => name.includes(filter.toLowerCase()));
});
if (wanted.length === 0) {
  const names = [...new Set(rows.map((row) => row.work))];
  refuse(`no row is called ${positionals.join(" or ")}; there are: ${names.join("; ")}`);
}

const measured = await measure(wanted, samples);
heading(`gokio on one thread, median of ${samples} (least – most)`);
console.log(styled("dim", provenance()));
console.log();
table(
  [
    { title: "work" },
    { title: "by" },
    { title: "gokio", align: "right" },
    { title: "", align: "left" },
    { title: "least – most" },
    { title: "target" },
    { title: "Go" },
    { title: "Tokio, 2 workers / 1" },
    { title: "JavaScript" },
  ],
  wanted.map(line),
);
console.log(
  styled("dim", "\nGo 1.26, Tokio and the JavaScript peers as measured on the project's 2-core machine, Node 20."),
);

function refuse(why: string): never {
  console.error(why);
  process.exit(1);
}

async function measure(chosen: readonly Row[], times: number): Promise<Map<Row, number[]>> {
  const results = new Map<Row, number[]>(chosen.map((row) => [row, []]));
  const progress = new Progress("bench");
  const total = times * chosen.length;
  let done = 0;
  for (let sample = 1; sample <= times; sample++) {
    for (const row of chosen) {
      progress.update({ part: done++ / total, doing: `${row.work}, ${row.by}, sample ${sample}` });
      const args = [String(rows.indexOf(row))];
      const value = await inChild<number | null>("sample", args, { execArgv: ["--expose-gc"] });
      if (value !== null) results.get(row)?.push(value);
    }
  }
  progress.end();
  return results;
}

function line(row: Row): string[] {
  const values = measured.get(row) ?? [];
  const { go = "", tokio = "", js = "" } = row.peers ?? {};
  if (values.length === 0) return [row.work, row.by, "–", "", "cannot be run here", "", go, tokio, js];
  const middle = median(values);
  const spread = `${short(Math.min(...values))} – ${short(Math.max(...values))}`;
  return [row.work, row.by, short(middle), row.unit, spread, verdict(row, middle), go, tokio, js];
}

function verdict(row: Row, value: number): string {
  const { target } = row;
  if (target === undefined) return "";
  const [sign, bound] = "atMost" in target ? ["≤", target.atMost] : ["≥", target.atLeast];
  const isMet = (is: number): boolean => (sign === "≤" ? is <= bound : is >= bound);
  if (!("times" in target)) return marked(isMet(value), `${sign} ${short(bound)}`);
  const peer = wanted.find((other) => other.work === row.work && other.by === target.times);
  const base = peer === undefined ? [] : (measured.get(peer) ?? []);
  const text = `${sign} ${bound} × ${target.times}`;
  if (base.length === 0) return text;
  const ratio = value / median(base);
  return marked(isMet(ratio), `${text} (${ratio.toFixed(2)})`);
}

function marked(met: boolean, text: string): string {
  return met ? styled("green", `✓ ${text}`) : styled("red", `✗ ${text}`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
}
