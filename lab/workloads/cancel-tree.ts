/** From a parent to its children. */
import { cost, growsWithSize, time } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const cancelTree: Workload = {
  id: "cancel-tree",
  title: "Cancelling a million children",
  what: "A token with many children is made, then cancelled, until each child knows it.",
  size: 1_000_000,
  quick: 300_000,
  expected: (size) => String(size),
  measures: [time],
  targets: [{ by: "gokio", atMost: 2, times: ["tokio-1", "tokio-2"] }],
  growth: growsWithSize("Cancelling children of a token", "children", 100, 1_000_000, cost("child")),
};
