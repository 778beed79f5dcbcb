/** Request and response. */
import { rate, sumBelow } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const oneshot: Workload = {
  id: "oneshot",
  title: "Request and response",
  what: "One after the other, a fresh task is given a number and a oneshot, and answers by that.",
  size: 500_000,
  quick: 200_000,
  expected: (size) => String(sumBelow(size + 1)),
  measures: [rate("requests")],
};
