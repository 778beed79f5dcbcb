/** A stream over what is to come, taken by a loop. */
import { streamAsync } from "./stream-async.ts";
import type { Workload } from "./workload.ts";

export const streamLoop: Workload = {
  ...streamAsync,
  id: "stream-loop",
  title: "Stream over an async source, in a loop",
  what: "The even numbers of an async generator, plus one, taken one by one in a loop that sums them (Tokio: a stream over a channel).",
  targets: [],
};
