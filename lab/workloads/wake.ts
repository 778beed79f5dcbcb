/** All at once. */
import { cost, growsWithSize, time } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const wake: Workload = {
  id: "wake",
  title: "Waking a million parked tasks",
  what: "Tasks wait for a message from one channel (Tokio: for a permit of a semaphore), and each is given one.",
  size: 1_000_000,
  quick: 200_000,
  expected: (size) => String(size),
  measures: [time],
  targets: [{ by: "gokio", atMost: 1, times: ["tokio-1", "tokio-2"] }],
  growth: growsWithSize("Waking parked tasks", "parked tasks", 100, 1_000_000, cost("task")),
};
