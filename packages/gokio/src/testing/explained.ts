/**
 * Errors that leave a simulation, with what is needed to see them again.
 *
 * @module
 */
import { show } from "../errors.ts";
import type { Sim } from "./sim.ts";
import { SimulationError } from "./simulation-error.ts";

/** How many faults are listed: the last ones, which are nearest to the failure. */
const MOST = 20;

/** `error` itself, its message followed by the seed and the faults. What is no error is the cause of one. */
export function explained(error: unknown, sim: Sim): unknown {
  const told = error instanceof Error ? error : new SimulationError(`the body threw ${show(error)}`, { cause: error });
  const { message, stack } = told;
  const longer = `${message}\n\n${noteOf(sim)}`;
  try {
    told.message = longer;
    // The stack begins with the message as it was.
    if (stack?.includes(message) === true) told.stack = stack.replace(message, () => longer);
  } catch {
    // It was frozen, or is of the platform's own kinds that can't be added to.
  }
  return told;
}

function noteOf({ seed, faults }: Sim): string {
  const rerun = `the seed of this simulation was ${show(seed)}: { seed: ${show(seed)} } repeats it`;
  if (faults.length === 0) return rerun;
  const lines = faults.slice(-MOST).map(({ at, what }) => `\n  at ${at} ms: ${what}`);
  const more = faults.length > MOST ? `\n  … ${faults.length - MOST} before these` : "";
  return `${rerun}\nfaults:${more}${lines.join("")}`;
}
