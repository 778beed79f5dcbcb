/** A stream over what is there. */
import { rate } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const streamSync: Workload = {
  id: "stream-sync",
  title: "Stream over a range",
  what: "The even numbers of a range, plus one, half of them taken and summed.",
  size: 10_000_000,
  quick: 5_000_000,
  // The first n odd numbers add up to n².
  expected: (size) => String((size / 2) ** 2),
  measures: [rate("items")],
  targets: [{ by: "gokio", atLeast: 1, times: ["rxjs"] }],
};
