/**
 * The simulation, as its body sees it.
 *
 * @module
 */
import type { Operation } from "../kernel/operation.ts";
import type { Bubble } from "./bubble.ts";
import type { Fault, Faults } from "./faults.ts";
import { fractions, seedText } from "./seed.ts";
import { Advance, Idle } from "./sim-waits.ts";

/**
 * What the body of a simulation is given: its clock, and its dice. Made by `simulate`.
 *
 * @example
 * ```ts
 * import { simulate } from "gokio/testing";
 *
 * await simulate(async (sim) => {
 *   const seen: string[] = [];
 *   const ticker = spawn(
 *     async () => {
 *       for await (const _ of interval(1000)) seen.push(`tick at ${sim.elapsed}`);
 *     },
 *     { daemon: true },
 *   );
 *   await sim.advance(2500);
 *   console.log(seen.join(", ")); // tick at 0, tick at 1000, tick at 2000
 *   ticker.abort();
 * });
 * ```
 */
export class Sim {
  /** What to give as `seed` for the same run again. */
  readonly seed: string;
  readonly #bubble: Bubble;
  readonly #faults: Faults;
  readonly #random: () => number;

  /** @internal */
  constructor(bubble: Bubble, faults: Faults, seed: number) {
    this.#bubble = bubble;
    this.#faults = faults;
    this.#random = fractions(seed, STREAM);
    this.seed = seedText(seed);
  }

  /** What the calendar says now, in milliseconds since 1970. */
  get now(): number {
    return this.#bubble.host.wallClock();
  }

  /** How many milliseconds have passed since the simulation began. */
  get elapsed(): number {
    return this.#bubble.elapsed;
  }

  /** The faults that have happened, in that order. */
  get faults(): readonly Fault[] {
    return this.#faults.happened;
  }

  /** A fraction from 0 up to, but not including, 1, drawn from the seed. */
  random(): number {
    return this.#random();
  }

  /**
   * Moves the clock by `ms` milliseconds, as an operation: everything that is due by then happens, in order, and has come to rest before this goes on. Sleeping for as
   * long would go on first among what is due then, or last.
   *
   * Cancel-safe: a cancelled call leaves the clock where it is by then.
   *
   * @example
   * ```ts
   * import { simulate } from "gokio/testing";
   *
   * await simulate(async (sim) => {
   *   let isDone = false;
   *   const job = spawn(async () => {
   *     await sleep(5000);
   *     isDone = true;
   *   });
   *   await sim.advance(4999);
   *   console.log(isDone); // false
   *   await sim.advance(1);
   *   console.log(isDone, await job.settled()); // true { status: 'ok', value: undefined }
   * });
   * ```
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   * @throws {MisuseError} outside of the simulation, and when it is over.
   */
  advance(ms: number): Operation<void> {
    return new Advance(this.#bubble, ms);
  }

  /**
   * Waits until everything else in the simulation is idle, as an operation: each task has ended, or is parked on something that is not ready. Time stands still. Of
   * several that wait so, the first goes on, then the next.
   *
   * Cancel-safe: waiting takes nothing.
   *
   * @example
   * ```ts
   * import { simulate } from "gokio/testing";
   *
   * await simulate(function* (sim) {
   *   const jobs = chan<string>(4);
   *   const done: string[] = [];
   *   spawn(function* () {
   *     yield* each(jobs, (job) => void done.push(job));
   *   });
   *   for (const job of ["a", "b", "c"]) yield* send(jobs, job);
   *   yield* sim.wait();
   *   console.log(done.join(" ")); // a b c
   *   jobs.close();
   * });
   * ```
   *
   * @throws {MisuseError} outside of the simulation, and when it is over.
   */
  wait(): Operation<void> {
    return new Idle(this.#bubble);
  }
}

/** Which sequence of the seed `random` draws from. */
const STREAM = 2;
