/** Tasks that are begun and waited for. */
import { rate, sumBelow } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const spawnJoin: Workload = {
  id: "spawn-join",
  title: "Spawn and join",
  what: "Waves of 1,000 tasks, each of which returns a number; each is joined.",
  size: 1_000_000,
  quick: 500_000,
  expected: (size) => String(sumBelow(size)),
  measures: [rate("tasks")],
  targets: [
    { by: "gokio", atLeast: 1, times: ["tokio-2"] },
    { by: "gokio-async", atLeast: 0.3, times: ["promises"] },
  ],
};
