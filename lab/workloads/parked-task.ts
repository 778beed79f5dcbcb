/** What a task weighs. */
import { value } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const parkedTask: Workload = {
  id: "parked-task",
  title: "Memory of a parked task",
  what: "Tasks parked on a receive from one channel (Tokio: a `Notify`); afterwards each is woken.",
  size: 100_000,
  quick: 100_000,
  expected: (size) => String(size),
  measures: [value("bytes", "resident, for each task", "B"), value("heap", "on the heap, for each task", "B")],
  targets: [
    { by: "gokio", measure: "heap", atMost: 360 },
    { by: "gokio-async", measure: "heap", atMost: 750 },
  ],
};
