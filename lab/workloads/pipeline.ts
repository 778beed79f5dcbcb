/** Fan-out and fan-in. */
import { rate } from "./measures.ts";
import type { Workload } from "./workload.ts";

const MODULUS = 1_000_003;

export const pipeline: Workload = {
  id: "pipeline",
  title: "Pipeline with 4 workers",
  what: "A producer, 4 workers that square what they get, and a collector, with channels of 64 between.",
  size: 500_000,
  quick: 200_000,
  expected: (size) => {
    let sum = 0;
    for (let job = 0; job < size; job++) sum += (job * job) % MODULUS;
    return String(sum);
  },
  measures: [rate("jobs")],
};
