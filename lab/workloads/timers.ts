/** Timers that never fire. */
import { rate } from "./measures.ts";
import type { Workload } from "./workload.ts";

const TASKS = 1_000;

export const timers: Workload = {
  id: "timers",
  title: "Timers, set and cancelled",
  what: "1,000 tasks hold timers of one to eleven minutes, all pending at once; a message to each cancels them.",
  size: 1_000_000,
  quick: 200_000,
  expected: () => String(TASKS),
  measures: [rate("timers")],
  targets: [{ by: "gokio", atLeast: 1, times: ["tokio-1", "tokio-2"] }],
};
