/**
 * Virtual time: a test in a bubble, whose clock stands still until everything in it is parked, and then jumps.
 *
 * The body is a task, on a scheduler of its own, with a host of its own. `bubble.ts` drives it. What happens when it has ended:
 *
 *     body ─▶ ended ─▶ settle: what is ready runs, time stands still ─▶ anything left? ─▶ clear: abort what is left, let its cleanup run
 *       │                                                                                   ▲
 *       └─ stuck, out of time, real I/O, a failure that nobody joined ──────────────────────┘
 *
 * 1. Everything of a simulation is drawn from its seed, so the same seed is the same run, as long as the body does nothing real.
 * 2. When `simulate` settles, nothing of it is left: no task, no timer, no replaced method.
 *
 * @module
 */
import { checkDuration, checkFunction, checkOptions, MisuseError, wrongType } from "../errors.ts";
import { surroundings } from "../kernel/current.ts";
import type { AnyBody, CheckBody, Outcome } from "../task/body.ts";
import { checkFaults, type FaultOptions } from "./faults.ts";
import { seedOf } from "./seed.ts";
import type { Sim } from "./sim.ts";
import { Simulation } from "./simulation.ts";
import { VirtualScheduler } from "./virtual-scheduler.ts";

export interface SimulateOptions {
  /**
   * Decides every random choice: which ready case a select takes, what `sim.random()` gives, which faults happen. A whole number from 0 to 2³² − 1, or what a
   * failure printed. Without one, each run has another.
   */
  readonly seed?: number | string | undefined;
  /** What the calendar says when the simulation begins: a date, or milliseconds since 1970. By default midnight UTC of 1 January 2020. */
  readonly startsAt?: Date | number | undefined;
  /** How many milliseconds of its own time the simulation may take, `Infinity` by default. Longer is a `SimulationError`: it may never end. */
  readonly limit?: number | undefined;
  /**
   * Whether `setTimeout`, `setInterval`, `Date`, `performance.now` and `AbortSignal.timeout` follow the clock of the simulation, for code in it; on
   * Node also what `node:timers` and `node:timers/promises` export. They are replaced while such a simulation is live; code elsewhere notices nothing.
   */
  readonly fakeTimers?: boolean | undefined;
  /** What goes wrong, and how likely. */
  readonly faults?: FaultOptions | undefined;
  /**
   * For how many milliseconds of real time the clock may stand still because of real I/O. With 0, the default, any is a `RealIoError`, at once. Node alone can
   * tell; elsewhere it goes unnoticed.
   */
  readonly realIo?: number | undefined;
  /** What becomes of tasks, waits and timers that outlive the body: `"fail"`, the default, is a `LeftoverError` that names them; `"cancel"` just ends them. */
  readonly leftovers?: "fail" | "cancel" | undefined;
  /** Ends the simulation when the test that runs it is over: runners hand out one. It then fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `body` in virtual time: waits take no time, and the clock, which all of gokio goes by, shows exactly the time they would have taken. It stands still while
 * anything in the simulation can run, and then jumps to the next timer. An hour of waiting takes milliseconds.
 *
 * The body is a task on a scheduler of its own, so simulations side by side don't touch each other. It fails, too, where a test would
 * have hung or passed by chance: when everything in it is parked for ever, when it does real I/O, when a task fails that nobody joins, when the body leaves
 * something behind. The error names the seed that makes it do so again.
 *
 * Tasks marked `daemon` may outlive the body; they are aborted. Async bodies need a runtime with AsyncLocalStorage; in browsers, write a generator.
 *
 * Cancel-safe: the simulation goes on to its end, whatever becomes of who awaits it; its `signal` ends it.
 *
 * @example
 * ```ts
 * import { simulate } from "gokio/testing";
 *
 * const asked = await simulate(async (sim) => {
 *   let asked = 0;
 *   const ask = async () => {
 *     if (++asked < 4) throw new Error("not yet");
 *     return sim.elapsed;
 *   };
 *   return await retry(ask, { attempts: 5, backoff: { base: 1000, jitter: 0 } });
 * });
 * console.log(asked); // 7000
 * ```
 *
 * @throws {MisuseError} inside of a simulation.
 * @throws {RangeError} for a seed that another version has printed.
 */
export function simulate<R>(
  body: ((sim: Sim) => R) & CheckBody<R>,
  options: SimulateOptions = {},
): Promise<Outcome<R>> {
  checkFunction("body", body);
  const { locals, scheduler } = surroundings();
  if (scheduler instanceof VirtualScheduler) {
    throw new MisuseError("simulate: this code is in a simulation already, and time can't stand still in two ways");
  }
  const simulation = new Simulation(body as unknown as AnyBody, locals, checked(options));
  return simulation.run() as Promise<Outcome<R>>;
}

const MIDNIGHT = Date.UTC(2020, 0, 1);

/** The options, complete and known to be right. */
export interface CheckedOptions {
  readonly seed: number;
  readonly startsAt: number;
  readonly limit: number;
  readonly fakeTimers: boolean;
  readonly faults: FaultOptions;
  readonly realIo: number;
  readonly allowsLeftovers: boolean;
  readonly signal: AbortSignal | undefined;
}

function checked(options: SimulateOptions): CheckedOptions {
  const { seed, startsAt, limit, fakeTimers, faults, realIo, leftovers, signal } = checkOptions(options);
  if (leftovers !== undefined && leftovers !== "fail" && leftovers !== "cancel") {
    throw wrongType("leftovers", '"fail" or "cancel"', leftovers);
  }
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw wrongType("signal", "an AbortSignal", signal);
  }
  return {
    seed: seedOf(seed),
    startsAt: pointInTime(startsAt ?? MIDNIGHT),
    limit: checkDuration("limit", limit ?? Number.POSITIVE_INFINITY),
    fakeTimers: fakeTimers === true,
    faults: checkFaults(faults ?? {}),
    realIo: checkDuration("realIo", realIo ?? 0),
    allowsLeftovers: leftovers === "cancel",
    signal,
  };
}

function pointInTime(startsAt: Date | number): number {
  const at = Number(startsAt);
  if (!Number.isFinite(at)) throw wrongType("startsAt", "a point in time", startsAt);
  return at;
}
