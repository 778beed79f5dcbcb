/** Nothing: what a runtime takes before it does anything. */
import { value } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const empty: Workload = {
  id: "empty",
  title: "An empty process",
  what: "The runtime is started, and nothing else is done. Its memory is taken off that of the others.",
  size: 0,
  quick: 0,
  expected: () => "0",
  measures: [megabytes("parked", "memory, resident"), megabytes("peak", "memory, peak")],
};

function megabytes(id: string, title: string) {
  return {
    ...value(id, title, "MB"),
    of: ({ values }: { values: Readonly<Record<string, number>> }) => (values[id] ?? Number.NaN) / 1e6,
  };
}
