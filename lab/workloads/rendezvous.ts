/** A channel without a buffer. */
import { cost, growsWithSize, rate, sumBelow } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const rendezvous: Workload = {
  id: "rendezvous",
  title: "Rendezvous channel",
  what: "One task sends numbers to another over a channel without a buffer (Tokio: capacity 1, its smallest).",
  size: 1_000_000,
  quick: 500_000,
  expected: (size) => String(sumBelow(size)),
  measures: [rate("values")],
  targets: [{ by: "gokio", atLeast: 1.5, times: ["go-2"] }],
  growth: growsWithSize("Rendezvous channel", "values", 1_000, 10_000_000, cost("value")),
};
