/** Whichever comes first. */
import { rate, sumBelow } from "./measures.ts";
import type { Workload } from "./workload.ts";

const CHANNELS = 4;

export const select: Workload = {
  id: "select",
  title: "Select over 4 channels",
  what: "One task takes numbers with a select over 4 channels with buffers of 64, each filled by a task of its own; made once, where that can be.",
  size: 1_000_000,
  quick: 400_000,
  expected: (size) => String(CHANNELS * sumBelow(size / CHANNELS)),
  measures: [rate("values")],
  targets: [{ by: "gokio", atLeast: 1, times: ["go-2"] }],
};
