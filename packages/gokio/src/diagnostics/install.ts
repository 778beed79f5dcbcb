/**
 * What diagnostics do by themselves in a program that says nothing of them: say all they know when it is deadlocked, and trace it from the start, if the
 * environment says so.
 *
 * Imported for its effect. Bundlers leave it out (`"sideEffects": false`), and bundles pay nothing for it.
 *
 * @module
 */
import { program } from "#platform";
import { fullReport } from "../kernel/deadlock.ts";
import { deadlockReport } from "./deadlock.ts";
import { rateOf, trace } from "./trace.ts";

fullReport.of = deadlockReport;

const wanted = program.env("GOKIO_TRACE");
if (wanted !== undefined) {
  try {
    const sites = rateOf(wanted);
    if (sites > 0) trace({ sites });
  } catch (error) {
    // A mistake in the environment must not keep the program from starting.
    program.complain(`gokio: ${(error as Error).message}\n`);
  }
}
