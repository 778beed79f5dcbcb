/**
 * `npm run lab`: gokio, Go, Tokio and the JavaScript peers on the same work, and a report of it. See lab/README.md.
 *
 * @module
 */
import process from "node:process";
import { present, save } from "./report/index.ts";
import { FormatError } from "./runner/format.ts";
import { readResults } from "./runner/journal.ts";
import { type Options, parseOptions, UsageError, usage } from "./runner/options.ts";
import { Interrupted, runInTerminal } from "./runner/terminal.ts";

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) return console.log(usage);
  const options = parseOptions(args);
  const results = options.report === undefined ? await runInTerminal(options) : readResults(options.report);
  present(results);
  save(results, outOf(options));
}

/** A report lies beside its results, unless it is to be elsewhere. */
function outOf({ out, report }: Options): string | undefined {
  return (out ?? report)?.replace(/\.(jsonl?|html)$/, "");
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Interrupted) process.exitCode = 130;
  else if (error instanceof UsageError) process.exitCode = 2;
  else if (error instanceof FormatError) process.exitCode = 1;
  else throw error;
  console.error(error.message);
  if (error instanceof UsageError) console.error(`\n${usage}`);
}
