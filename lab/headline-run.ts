/** One run of the headline in a process of its own: `headline-run <flavour> <K>`, or `headline-run empty`. */
import process from "node:process";
import type { Flavour } from "./actors.ts";
import { report } from "./child.ts";

export interface Run {
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** Resident bytes with every actor parked, and at the peak. */
  readonly parked: number;
  readonly peak: number;
}

const [flavour, inFlight] = process.argv.slice(2);

await report(async () => {
  if (flavour === "empty") return { parked: process.memoryUsage.rss(), peak: peak() };
  // Loaded here, so that the empty process has nothing of it.
  const { Actors, RECEIPTS } = await import("./actors.ts");
  const actors = new Actors();
  await actors.start(flavour as Flavour);
  const parked = process.memoryUsage.rss();
  const told = setInterval(() => process.send?.({ progress: actors.received / RECEIPTS }), 100);
  const seconds = await actors.run(Number(inFlight));
  clearInterval(told);
  const { latencies } = actors;
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((q) => latencies.quantile(q));
  return { seconds, p50, p99, p999, max: latencies.max, parked, peak: peak() };
});

function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}
