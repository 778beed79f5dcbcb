/**
 * Metrics: a scheduler in numbers.
 *
 * @module
 */
import { currentScheduler } from "../kernel/current.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { HistogramData } from "./histogram.ts";
import { type ResourceInfo, type Snapshot, snapshot, type TaskInfo } from "./model.ts";
import { type Counts, countsOf } from "./recording.ts";
import { depthOf, isReceive, nameOf } from "./resource.ts";

/** A scheduler in numbers. All times are in milliseconds. */
export interface Metrics {
  /** Live tasks, and how many of them are in each state. They add up. */
  readonly tasks: {
    readonly live: number;
    readonly new: number;
    readonly running: number;
    readonly runnable: number;
    readonly parked: number;
    readonly foreignAwait: number;
  };
  /** How many waits are parked, in tasks and outside, by what they do: `recv`, `send`, `lock`, `sleep`, `select`. */
  readonly parked: Readonly<Record<string, number>>;
  /** Tasks and waits that are due to run. */
  readonly runQueue: number;
  /** Timers that are set: of sleeps, timeouts and deadlines. */
  readonly timers: number;
  /**
   * The channels that somebody waits on; while recording, also those that somebody has waited on since, as long as they are in use.
   */
  readonly channels: readonly ChannelMetrics[];
  /** What has to be counted as it happens; `undefined` unless {@link record} or {@link trace} is on. */
  readonly recorded: RecordedMetrics | undefined;
}

/** One channel in numbers. */
export interface ChannelMetrics {
  /** How it shows in dumps: `chan(8, "jobs")`. Not unique, unless all channels have names of their own. */
  readonly channel: string;
  /** How many values it holds. */
  readonly depth: number;
  /** How many it can hold. */
  readonly capacity: number;
  /** How many wait to send. */
  readonly senders: number;
  /** How many wait to receive. */
  readonly receivers: number;
}

/** What has been counted since recording began. */
export interface RecordedMetrics {
  /** How long it has been counted. */
  readonly duration: number;
  /** How many tasks were spawned. */
  readonly tasksMade: number;
  /** How many tasks have ended, in whichever way. */
  readonly tasksEnded: number;
  /** How often a task was started or resumed, or a promise of async code was settled. */
  readonly polls: number;
  /** How often somebody was parked. */
  readonly parks: number;
  /** How many of those who were parked were cancelled there. */
  readonly cancelledWaits: number;
  /** How often ready work was put off, so that timers and I/O got a turn. */
  readonly budgetYields: number;
  /** The longest time that tasks have run in one go. */
  readonly longestTurn: number;
  /** How long those who were due to run have waited for their turn. */
  readonly schedulingDelay: HistogramData;
}

/**
 * The scheduler of the caller in numbers. The names of the members are stable.
 *
 * What can be counted by looking is always there; what has to be watched is in `recorded`, which is `undefined` unless {@link record} or
 * {@link trace} is on. A call takes time in proportion to the number of live tasks: fine every few seconds, not for every request.
 *
 * To feed OpenTelemetry, ask from the callbacks of observable instruments, all of one batch at once:
 *
 * ```js
 * const live = meter.createObservableGauge("gokio.tasks.live");
 * const parked = meter.createObservableGauge("gokio.waits.parked");
 * meter.addBatchObservableCallback((result) => {
 *   const now = metrics();
 *   result.observe(live, now.tasks.live);
 *   for (const [operation, count] of Object.entries(now.parked)) result.observe(parked, count, { operation });
 * }, [live, parked]);
 * ```
 *
 * @example
 * ```ts
 * import { metrics } from "gokio/diagnostics";
 *
 * const jobs = chan<string>(8, { name: "jobs" });
 * const worker = spawn(() => jobs.recv());
 * await yieldNow();
 * const { tasks, parked, channels } = metrics();
 * console.log(tasks.live, parked, channels[0]?.receivers); // 1 { recv: 1 } 1
 * await jobs.send("the last");
 * await worker;
 * ```
 */
export function metrics(): Metrics {
  return metricsOf(currentScheduler());
}

/** The metrics of one scheduler. */
export function metricsOf(scheduler: Scheduler): Metrics {
  const taken = snapshot(scheduler);
  const counts = countsOf(scheduler);
  const states = { new: 0, running: 0, runnable: 0, parked: 0, "foreign await": 0 };
  for (const { state } of taken.tasks) states[state]++;
  const { "foreign await": foreignAwait, ...others } = states;
  return {
    tasks: { live: taken.tasks.length, ...others, foreignAwait },
    parked: reasonsOf(taken),
    runQueue: taken.due + taken.tasks.filter(isQueued).length,
    timers: scheduler.timers.size,
    channels: channelsOf(taken, counts),
    recorded: counts && recordedOf(counts, taken.at),
  };
}

/** An async task is never queued itself once it has begun: its promises are. */
function isQueued({ state, record }: TaskInfo): boolean {
  return state === "new" || (state === "runnable" && record.gen !== undefined);
}

function reasonsOf({ tasks, outside }: Snapshot): Record<string, number> {
  const reasons: Record<string, number> = {};
  const waits = [...tasks.filter(({ state }) => state === "parked").flatMap((task) => task.waits), ...outside];
  for (const { operation } of waits) {
    const reason = reasonOf(operation);
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return reasons;
}

/** What is done, without what it is done to: "recv" of "recv on chan(8)", "end" of "the end of a scope", so that there are only so many. */
export function reasonOf(operation: string): string {
  return operation.replace(/(?: (?:on|of|in|at|with|for|until)\b|\(|, ).*$/s, "").replace(/^(?:the|an?) /, "");
}

function channelsOf({ resources }: Snapshot, counts: Counts | undefined): ChannelMetrics[] {
  const waited = new Map(resources.filter(({ depth }) => depth !== undefined).map((each) => [each.object, each]));
  const objects = new Set([...(counts?.channels.all ?? []), ...waited.keys()]);
  return [...objects].map((object) => channelOf(object, waited.get(object)));
}

function channelOf(object: object, waited: ResourceInfo | undefined): ChannelMetrics {
  const { depth, capacity } = depthOf(object) as { depth: number; capacity: number };
  let receivers = 0;
  for (const { alternatives } of waited?.waits ?? []) {
    if (alternatives.some(({ op, resource }) => resource === waited && isReceive(op))) receivers++;
  }
  return {
    channel: nameOf(object) as string,
    depth,
    capacity,
    senders: (waited?.waits.length ?? 0) - receivers,
    receivers,
  };
}

function recordedOf(counts: Counts, now: number): RecordedMetrics {
  const { since, tasksMade, tasksEnded, polls, parks, cancelledWaits, budgetYields, longestTurn, delays } = counts;
  const duration = now - since;
  const schedulingDelay = delays.data;
  return { duration, tasksMade, tasksEnded, polls, parks, cancelledWaits, budgetYields, longestTurn, schedulingDelay };
}
