/** What a task with a mailbox weighs. */
import { growsWithSize, value } from "./measures.ts";
import type { Workload } from "./workload.ts";

const bytes = value("bytes", "resident, for each task", "B");

export const parkedMemory: Workload = {
  id: "parked-memory",
  title: "Memory of a parked task with its mailbox",
  what: "Tasks with mailboxes of 64, parked on a receive; afterwards each gets a message.",
  size: 100_000,
  quick: 100_000,
  expected: (size) => String(size),
  measures: [bytes, value("heap", "on the heap, for each task", "B")],
  targets: [{ by: "gokio", atMost: 0.5, times: ["tokio-1", "tokio-2"] }],
  growth: growsWithSize("Memory of parked tasks with their mailboxes", "tasks", 1_000, 1_000_000, bytes),
};
