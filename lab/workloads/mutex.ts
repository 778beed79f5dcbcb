/** A lock that many want. */
import { rate } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const mutex: Workload = {
  id: "mutex",
  title: "Contended mutex",
  what: "100 tasks, each again and again: lock, add 1 to the number inside, unlock.",
  size: 2_000_000,
  quick: 1_000_000,
  expected: (size) => String(size),
  measures: [rate("locks")],
  targets: [
    { by: "gokio", atLeast: 0.5, times: ["tokio-1", "tokio-2"] },
    { by: "gokio", atLeast: 10, times: ["async-mutex"] },
    { by: "gokio-async", atLeast: 10, times: ["async-mutex"] },
  ],
};
