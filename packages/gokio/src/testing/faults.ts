/**
 * Faults: what goes wrong in a simulation because the seed says so.
 *
 * All of them are drawn from one sequence of random numbers, which nothing else draws from, in the order in which the places that may fail are
 * passed. So the same seed brings the same faults, and they are written down as they happen.
 *
 * @module
 */
import { checkDuration, checkOptions, wrongNumber, wrongType } from "../errors.ts";

/** Which faults may happen, and how likely they are. Probabilities are numbers from 0 to 1. */
export interface FaultOptions {
  /**
   * How likely a task is aborted when it parks, at each wait; the body itself never is. A number stands for all tasks; with names, only tasks of
   * these names.
   */
  readonly cancelTasks?: number | { readonly p: number; readonly names?: readonly string[] | undefined } | undefined;
  /** How likely the clock, when it goes to the next timer, goes too far, by up to `maxMs` milliseconds: as if a task had hogged the event loop. */
  readonly lateTimers?: { readonly p: number; readonly maxMs: number } | undefined;
  /** What happens to the messages sent on channels, by the names of these: `chan(8, { name: "jobs" })`. */
  readonly channels?: Readonly<Record<string, ChannelFaults>> | undefined;
}

/** What may happen to a message. The sender is told that it was sent. */
export interface ChannelFaults {
  /** How likely it is lost. */
  readonly drop?: number | undefined;
  /** How likely it is under way for up to `maxMs` milliseconds: others may overtake it. */
  readonly delay?: { readonly p: number; readonly maxMs: number } | undefined;
}

/** A fault that has happened. */
export interface Fault {
  /** When, in milliseconds since the simulation began. */
  readonly at: number;
  /** Which of the faults it was. */
  readonly kind: "cancelled" | "late" | "dropped" | "delayed";
  /** What happened, for people: `task 7 (worker) was cancelled in recv on chan(8, "jobs")`. */
  readonly what: string;
}

/** The dice of a simulation, and what has come of them. */
export class Faults {
  readonly happened: Fault[] = [];
  readonly #random: () => number;
  readonly #elapsed: () => number;

  /** `random` gives fractions in [0, 1). */
  constructor(random: () => number, elapsed: () => number) {
    this.#random = random;
    this.#elapsed = elapsed;
  }

  /** Whether it happens, where it is as likely as `p`. */
  happens(p: number): boolean {
    return this.#random() < p;
  }

  /** A length of time of at most `most` milliseconds, at least 1. */
  length(most: number): number {
    return Math.min(most, 1 + Math.floor(this.#random() * most));
  }

  note(kind: Fault["kind"], what: string): void {
    this.happened.push({ at: this.#elapsed(), kind, what });
  }
}

/** Returns `options` if they can be used. */
export function checkFaults(options: FaultOptions): FaultOptions {
  checkOptions(options, "faults");
  const { cancelTasks, lateTimers, channels } = options;
  if (typeof cancelTasks === "number") checkProbability("faults.cancelTasks", cancelTasks);
  else if (cancelTasks !== undefined) {
    checkProbability("faults.cancelTasks.p", checkOptions(cancelTasks, "faults.cancelTasks").p);
    const { names } = cancelTasks;
    if (names !== undefined && !Array.isArray(names)) throw wrongType("faults.cancelTasks.names", "an array", names);
  }
  if (lateTimers !== undefined) checkPeriod("faults.lateTimers", lateTimers);
  if (channels !== undefined) checkChannels(channels);
  return options;
}

function checkChannels(channels: Readonly<Record<string, ChannelFaults>>): void {
  for (const [name, faults] of Object.entries(checkOptions(channels, "faults.channels"))) {
    const what = `faults.channels[${JSON.stringify(name)}]`;
    const { drop, delay } = checkOptions(faults, what);
    if (drop !== undefined) checkProbability(`${what}.drop`, drop);
    if (delay !== undefined) checkPeriod(`${what}.delay`, delay);
  }
}

function checkPeriod(name: string, period: { readonly p: number; readonly maxMs: number }): void {
  const { p, maxMs } = checkOptions(period, name);
  checkProbability(`${name}.p`, p);
  if (!Number.isFinite(checkDuration(`${name}.maxMs`, maxMs))) {
    throw wrongNumber(`${name}.maxMs`, "a finite number of milliseconds", maxMs);
  }
}

function checkProbability(name: string, p: number): void {
  if (!(typeof p === "number" && p >= 0 && p <= 1)) throw wrongNumber(name, "a probability, from 0 to 1", p);
}
