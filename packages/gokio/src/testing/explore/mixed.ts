/**
 * What is explored by default: everything, if that is little; else a part of it, and then at random.
 *
 * A depth-first walk that is cut short has only varied the ends of its schedules. So what is left of the budget goes to random walks and to PCT in turn.
 *
 * @module
 */
import { checkCount, checkOptions } from "../../errors.ts";
import { seedOf, seedText } from "../seed.ts";
import type { Chooser, Decision, ExplorationStrategy, Strategy } from "./decision.ts";
import { checkPreemptions, DEFAULT_PREEMPTIONS, ExhaustiveStrategy } from "./exhaustive.ts";
import { DEFAULT_DEPTH, PctStrategy } from "./pct.ts";
import { DEFAULT_SEED, RandomStrategy } from "./random.ts";

export interface MixedOptions {
  /** Decides the random choices: a number, or the text an error told of. 1 if left out, so that a test tries the same schedules each time. */
  readonly seed?: number | string;
  /** How often a schedule of the exhaustive part may make a task pause that could go on: 2 if left out. */
  readonly preemptions?: number;
  /** How many schedules to try at most: 4,000 if left out. Half of them go to the exhaustive part. */
  readonly schedules?: number;
}

const DEFAULT_SCHEDULES = 4000;

/**
 * The strategy `explore` uses by default: exhaustive with a bound on preemptions for the first half of its schedules; if that is not complete by
 * then, random walks and PCT in turn.
 *
 * @example
 * ```ts
 * import { explore, mixed } from "gokio/testing";
 * const many = function* () {
 *   for (let n = 0; n < 10; n++) {
 *     spawn(function* () {
 *       yield* yieldNow();
 *     });
 *   }
 * };
 * const { schedules, complete } = await explore(many, { strategy: mixed({ seed: 7, schedules: 100 }) });
 * console.log(schedules, complete); // 100 false
 * ```
 *
 * @throws {RangeError} unless all are whole numbers.
 */
export function mixed(options: MixedOptions = {}): ExplorationStrategy {
  const {
    seed = DEFAULT_SEED,
    preemptions = DEFAULT_PREEMPTIONS,
    schedules = DEFAULT_SCHEDULES,
  } = checkOptions(options);
  const number = seedOf(seed);
  checkPreemptions(preemptions);
  checkCount("schedules", schedules, 1);
  return { begin: () => new MixedStrategy(number, preemptions, schedules) };
}

export class MixedStrategy implements Strategy {
  readonly seed: string;
  readonly #walk: ExhaustiveStrategy;
  /** Whose turn it is comes first. */
  readonly #rest: Strategy[] = [];
  #now: Strategy;

  constructor(seed: number, preemptions: number, schedules: number) {
    this.seed = seedText(seed);
    const half = Math.ceil(schedules / 2);
    const quarter = Math.ceil((schedules - half) / 2);
    const last = schedules - half - quarter;
    this.#now = this.#walk = new ExhaustiveStrategy(preemptions, half);
    if (quarter > 0) this.#rest.push(new RandomStrategy(seed, quarter));
    if (last > 0) this.#rest.push(new PctStrategy(seed, last, DEFAULT_DEPTH));
  }

  /** That of the part that is under way. */
  get name(): string {
    return this.#now.name;
  }

  get label(): string {
    return this.#now.label;
  }

  get complete(): boolean {
    return this.#walk.complete;
  }

  next(): Chooser | undefined {
    if (this.complete) return undefined;
    this.#now = this.#walk;
    const walking = this.#walk.next();
    if (walking !== undefined) return walking;
    const strategy = this.#rest.shift();
    const chooser = strategy?.next();
    if (strategy === undefined || chooser === undefined) return undefined;
    this.#now = strategy;
    this.#rest.push(strategy);
    return chooser;
  }

  ended(decisions: readonly Decision[]): boolean {
    return this.#now.ended(decisions);
  }
}
