/**
 * `npm run guard -- [--update] [--nodes 22,24]`: measures what a busy machine can't blur, and compares it with the baseline, or
 * makes it the baseline.
 *
 * @module
 */
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Progress, styled } from "../print.ts";
import { installedNode } from "../runner/nodes.ts";
import { runToEnd } from "../runner/process.ts";
import { type Baseline, majorOf, readBaselines, writeBaselines } from "./baseline.ts";
import { cases } from "./cases/index.ts";
import { changes, unexplained } from "./compare.ts";
import { measureAll } from "./run.ts";
import { adviceOn, tableOf } from "./told.ts";

const { values: options } = parseArgs({
  options: { update: { type: "boolean", default: false }, nodes: { type: "string" } },
});

for (const node of await nodes(options.nodes)) {
  const measured = await measuredOn(node);
  const well = options.update ? update(measured) : compare(measured);
  if (!well) process.exitCode = 1;
}

interface Node {
  readonly file: string;
  readonly version: string;
}

async function nodes(majors: string | undefined): Promise<Node[]> {
  const own = { file: process.execPath, version: process.versions.node };
  const found: Node[] = [];
  for (const major of majors?.split(",") ?? [majorOf(own.version)]) {
    if (major === majorOf(own.version)) found.push(own);
    else {
      const { file, version } = await installedNode(major, output);
      found.push({ file, version: version.replace("Node ", "") });
    }
  }
  return found;
}

async function output(file: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr, error } = await runToEnd({ file, args }, { timeout: 300_000 });
  if (code !== 0) throw error ?? new Error(`${file} ended with ${code}\n${stderr}`);
  return stdout.trim();
}

async function measuredOn({ file, version }: Node): Promise<Baseline> {
  const program = join(dirname(fileURLToPath(import.meta.url)), "child.js");
  const progress = new Progress(`guard on Node ${version}`);
  const onProgress = (part: number, doing: string): void => progress.update({ part, doing });
  try {
    return { node: version, figures: await measureAll({ program, cases, node: file, onProgress }) };
  } finally {
    progress.end();
  }
}

function compare({ node, figures }: Baseline): boolean {
  const baseline = readBaselines()[majorOf(node)];
  if (baseline === undefined) {
    console.error(`There is no baseline for Node ${node}: npm run guard -- --update makes one.`);
    return false;
  }
  const found = changes(baseline.figures, figures);
  const since = `Node ${node}, compared with the baseline, which is from Node ${baseline.node}`;
  if (found.length === 0) {
    console.log(styled("green", `✓ ${since}: ${cases.length} pieces of work cost what they did`));
    return true;
  }
  console.error(`${styled("red", `✗ ${since}`)}\n\n${tableOf(found)}\n\n${adviceOn(found)}`);
  return false;
}

function update(measured: Baseline): boolean {
  const missing = unexplained(cases, measured.figures);
  if (missing.length > 0) {
    console.error(`Code is thrown away again and again, and the case does not say why: ${missing.join("; ")}`);
    return false;
  }
  const baselines = readBaselines();
  const major = majorOf(measured.node);
  const before = baselines[major];
  const found = before === undefined ? [] : changes(before.figures, measured.figures);
  if (found.length > 0) console.log(`${tableOf(found)}\n`);
  writeBaselines({ ...baselines, [major]: measured });
  console.log(`The baseline for Node ${major} is ${before === undefined ? "made" : "what was measured now"}.`);
  return true;
}
