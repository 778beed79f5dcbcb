/** Permits that many want. */
import { rate } from "./measures.ts";
import type { Workload } from "./workload.ts";

const PERMITS = 10;

export const semaphore: Workload = {
  id: "semaphore",
  title: "Contended semaphore",
  what: "100 tasks share 10 permits, each again and again: take one, count, give way once, give it back.",
  size: 500_000,
  quick: 200_000,
  expected: (size) => `${size}/${PERMITS}`,
  measures: [rate("permits")],
};
