/** A channel with a buffer. */
import { rate, sumBelow } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const buffered: Workload = {
  id: "buffered",
  title: "Buffered channel, 64",
  what: "One task sends numbers to another over a channel with a buffer of 64.",
  size: 2_000_000,
  quick: 1_000_000,
  expected: (size) => String(sumBelow(size)),
  measures: [rate("values")],
  targets: [
    { by: "gokio", atLeast: 0.8, times: ["go-2"] },
    { by: "gokio", atLeast: 1, times: ["tokio-1", "tokio-2"] },
  ],
};
