// What every task is doing
export { Dump, dump } from "./dump.ts";
export type {
  AlternativeJson,
  DumpJson,
  FrameJson,
  HolderJson,
  HoldingJson,
  ResourceJson,
  TaskJson,
  WaitJson,
} from "./json.ts";
export { dumpOnSignal, type DumpOnSignalOptions } from "./signal.ts";

// What can never go on
export { findDeadlocks, watchDeadlocks, type FindOptions, type WatchDeadlocksOptions } from "./find-deadlocks.ts";
export type { Deadlock, DeadlockKind, StuckTask } from "./findings.ts";
export { trackEnds } from "./ends.ts";

// What is left over
export { expectNoLeaks, leaked, LeakError, type LeakCheck, type LeakedTask, type LeakOptions } from "./leaks.ts";

// What has to be watched to be known
export { trace, type TraceOptions } from "./trace.ts";
export { record } from "./recording.ts";

// In numbers
export { metrics, type ChannelMetrics, type Metrics, type RecordedMetrics } from "./metrics.ts";
export type { HistogramData } from "./histogram.ts";
