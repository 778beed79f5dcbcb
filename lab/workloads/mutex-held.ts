/** A lock that many want, and that each keeps for a while. */
import { rate } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const mutexHeld: Workload = {
  id: "mutex-held",
  title: "Mutex held for a turn",
  what: "100 tasks, each again and again: lock, look at the number inside, give way once, put it back plus 1, unlock.",
  size: 500_000,
  quick: 200_000,
  expected: (size) => String(size),
  measures: [rate("locks")],
  // The turns are the most of it, and cost everybody the same.
  targets: [],
};
