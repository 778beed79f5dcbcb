/**
 * Tracing: from now on, write down when and where tasks are made and parked, and how often they run.
 *
 * Any number of traces may be on at once; what they write down is the same, and is kept once. How many sites are captured is decided by the most demanding
 * of them. It hangs on the kernel's probe: when the last trace is off, nothing of it is left in anyone's way.
 *
 * @module
 */
import { checkOptions, show, wrongNumber } from "../errors.ts";
import { currentRegion, running } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import { attachProbe, type ProbeListener, watchAwaits } from "../kernel/probe.ts";
import type { DrivenWaiter } from "../kernel/waiter.ts";
import { JoinHandle } from "../task/join-handle.ts";
import { TaskRecord } from "../task/task.ts";
import { type TaskTrace, taskTraces, waitTraces } from "./recorded.ts";
import { captureSite, type Site } from "./sites.ts";

export interface TraceOptions {
  /**
   * Whether to capture where tasks are made and parked: `true`, the default, always; `false` never; a rate from 0 to 1 for that part of them, evenly
   * spread. A capture costs ten or twenty microseconds.
   */
  readonly sites?: boolean | number | undefined;
}

watchAwaits(JoinHandle.prototype);

/** An `await` of something lazy, and where it is, if that was sampled. */
interface Awaiting {
  readonly site: Site | undefined;
}

/** The rates of the traces that are on. */
const rates = new Map<object, number>();
let rate = 0;
/** How much of a capture has added up. */
let due = 0;
/** Where the `await` is that is being started: the stack is empty by now. */
let awaitedAt: Awaiting | undefined;
let attached: Disposable | undefined;

/** What goes with tracing: started with the first trace, stopped with the last. */
const companions = new Map<() => Disposable, Disposable | undefined>();

/**
 * Starts to write down what dumps otherwise don't know: since when tasks are alive and parked, how often they ran, where they were made, and where
 * they are parked. Dispose the result to stop; what was written down of those still alive stays.
 *
 * What was made, or parked, before is known without it. Setting the environment variable `GOKIO_TRACE` to `1`, or to a rate, traces a
 * whole program from its start; not one that was bundled, for bundlers leave that out.
 *
 * @example
 * ```ts
 * import { dump, trace } from "gokio/diagnostics";
 *
 * const tracing = trace();
 * const jobs = chan<string>(0, { name: "jobs" });
 * const worker = spawn(() => jobs.recv(), { name: "worker" });
 * await yieldNow();
 * const [task] = dump().toJSON().tasks;
 * console.log(task?.waits[0]?.operation, task?.polls); // recv on chan(0, "jobs") 1
 * await jobs.send("the last");
 * await worker;
 * tracing[Symbol.dispose]();
 * ```
 *
 * @throws {RangeError} if the rate is not from 0 to 1.
 */
export function trace(options: TraceOptions = {}): Disposable {
  const own = {};
  const { sites = true } = checkOptions(options);
  rates.set(own, checkRate(sites));
  rate = Math.max(...rates.values());
  attached ??= attachProbe(tracer);
  for (const [start, started] of companions) companions.set(start, started ?? start());
  return {
    [dispose]: () => {
      if (!rates.delete(own)) return;
      rate = Math.max(0, ...rates.values());
      if (rates.size > 0) return;
      attached?.[dispose]();
      attached = undefined;
      for (const [start, started] of companions) {
        started?.[dispose]();
        companions.set(start, undefined);
      }
    },
  };
}

/**
 * Has `start` called when tracing begins, or now if it has begun, and what it returns disposed when tracing ends. Not imported from here, so that a program
 * that is only traced need not load it.
 */
export function whileTracing(start: () => Disposable): void {
  companions.set(start, isTracing() ? start() : undefined);
}

/** Whether any trace is on. */
export function isTracing(): boolean {
  return rates.size > 0;
}

function checkRate(sites: boolean | number): number {
  if (typeof sites === "boolean") return sites ? 1 : 0;
  if (typeof sites !== "number" || !(sites >= 0 && sites <= 1)) {
    throw wrongNumber("sites", "true, false or a rate from 0 to 1", sites);
  }
  return sites;
}

/** The rate that the text of an environment variable stands for. @throws {RangeError} if it stands for none. */
export function rateOf(text: string): number {
  const value = text.trim() === "" ? 0 : Number(text);
  if (!(value >= 0 && value <= 1)) throw new RangeError(`GOKIO_TRACE must be a rate from 0 to 1, not ${show(text)}`);
  return value;
}

const tracer: ProbeListener = {
  made(task) {
    const spawner = running ?? currentRegion().task;
    taskTraces.set(task as TaskRecord, {
      madeAt: task.scheduler.host.now(),
      site: sample(),
      spawner: spawner instanceof TaskRecord ? spawner.label : undefined,
      polls: 0,
    });
  },
  polled(task) {
    count(task);
  },
  resumed(waiter) {
    count(waiter.region.task);
  },
  parked(waiter: DrivenWaiter) {
    waitTraces.set(waiter, {
      parkedAt: waiter.scheduler.host.now(),
      site: awaitedAt === undefined ? sample() : awaitedAt.site,
    });
  },
  awaited() {
    const here: Awaiting = { site: sample() };
    return (then) => {
      const before = awaitedAt;
      awaitedAt = here;
      try {
        return then();
      } finally {
        awaitedAt = before;
      }
    };
  },
};

function count(task: unknown): void {
  const known: TaskTrace | undefined = taskTraces.get(task as TaskRecord);
  if (known !== undefined) known.polls++;
}

/** Every n-th site, so that it is the same in every run. */
function sample(): Site | undefined {
  due += rate;
  if (due < 1) return undefined;
  due -= 1;
  return captureSite();
}
