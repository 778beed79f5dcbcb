/** One sender, many receivers. */
import { rate, sumBelow } from "./measures.ts";
import type { Workload } from "./workload.ts";

const RECEIVERS = 8;

export const broadcast: Workload = {
  id: "broadcast",
  title: "Broadcast to 8",
  what: "One task sends numbers to 8 receivers, and waits after each 512 until all have these.",
  size: 500_000,
  quick: 200_000,
  expected: (size) => String(RECEIVERS * sumBelow(size)),
  measures: [rate("deliveries", RECEIVERS)],
  targets: [{ by: "gokio", atLeast: 0.5, times: ["tokio-1", "tokio-2"] }],
};
