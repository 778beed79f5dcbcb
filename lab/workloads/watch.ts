/** The latest value, for whoever looks. */
import { rate } from "./measures.ts";
import type { Workload } from "./workload.ts";

const WATCHERS = 4;

export const watch: Workload = {
  id: "watch",
  title: "Watched value, 4 watchers",
  what: "One task sets a number again and again, giving way after each; 4 watchers wait for changes, and none may see an older one.",
  size: 200_000,
  quick: 100_000,
  expected: () => `${WATCHERS}/0`,
  measures: [rate("sets")],
};
