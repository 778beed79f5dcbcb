/** A stream over what is to come. */
import { rate } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const streamAsync: Workload = {
  id: "stream-async",
  title: "Stream over an async source",
  what: "The even numbers of an async generator, plus one, summed (Tokio: a stream over a channel with a buffer of 64).",
  size: 500_000,
  quick: 200_000,
  expected: (size) => String((size / 2) ** 2),
  measures: [rate("items")],
  // The awaited flavour runs where the generators do, outside of tasks. In a task all async code pays for its async context, on Node 20 more than for the item.
  targets: [
    { by: "gokio-async", atLeast: 1.5, times: ["generators"] },
    { by: "gokio", atLeast: 1.5, times: ["generators"] },
  ],
};
