/**
 * What the process takes, and what tasks that are parked add to it.
 *
 * @module
 */
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Sample } from "./program.ts";

/** Resident bytes, now. */
export function resident(): number {
  return process.memoryUsage.rss();
}

/** The most bytes that were ever resident. */
export function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** A process that has done nothing. */
export function nothingDone(): Sample {
  return { ms: 0, check: 0, values: { parked: resident(), peak: peak() } };
}

/**
 * Has `park` start `count` tasks and wait until all are parked, measures what that took of memory, and lets `wake` wake them; the check
 * is how many that says have woken.
 */
export async function parked(
  count: number,
  park: () => Promise<void>,
  wake: () => number | Promise<number>,
): Promise<Sample> {
  collect();
  const [residentBefore, heapBefore] = [resident(), process.memoryUsage().heapUsed];
  const start = performance.now();
  await park();
  const ms = performance.now() - start;
  // Before a collection, for this is how much the program really has taken of the machine.
  const bytes = (resident() - residentBefore) / count;
  collect();
  const heap = (process.memoryUsage().heapUsed - heapBefore) / count;
  return { ms, check: await wake(), values: { bytes, heap } };
}

let gc: (() => void) | undefined;

/** Collects garbage, without a flag on the command line. */
function collect(): void {
  if (gc === undefined) {
    setFlagsFromString("--expose-gc");
    gc = runInNewContext("gc") as () => void;
  }
  // Twice: what the first finds unreachable may hold more.
  gc();
  gc();
}
