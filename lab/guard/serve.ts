/**
 * The inside of a process that measures: `<case> <file for the figures> <file of the deoptimisations>`.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import process from "node:process";
import type { Case } from "./case.ts";
import { takeTheClock } from "./clock.ts";
import { measure } from "./measure.ts";

/** Measures the case that is asked for. The cases are loaded late: the library finds the clock as it will be. */
export async function serve(load: () => Promise<readonly Case[]>): Promise<void> {
  takeTheClock();
  const [name, file = "", trace = ""] = process.argv.slice(2);
  const subject = (await load()).find((each) => each.name === name);
  if (subject === undefined) throw new Error(`there is no case ${JSON.stringify(name)}`);
  writeFileSync(file, JSON.stringify(await measure(subject, trace)));
  process.exit();
}
