/** A wait with a limit, which it does not reach. */
import { rate, sumBelow } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const timeout: Workload = {
  id: "timeout",
  title: "A time limit on each wait",
  what: "One task asks another over channels without a buffer, and waits for each answer for a minute at most; each comes at once.",
  size: 500_000,
  quick: 200_000,
  expected: (size) => String(sumBelow(size + 1)),
  measures: [rate("waits")],
};
