/** Whether timers keep their time when there is always something else to do. */
import { value } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const timerFlood: Workload = {
  id: "timer-flood",
  title: "A 1 ms timer in a flood of messages",
  what: "Two tasks exchange numbers without end, while a third sleeps 1 ms again and again and notes how late each sleep ends.",
  size: 1_000,
  quick: 300,
  expected: (size) => String(size),
  measures: [
    value("p99", "lateness, 99 %", "ms"),
    value("p50", "lateness, median", "ms"),
    value("max", "lateness, longest", "ms"),
  ],
};
