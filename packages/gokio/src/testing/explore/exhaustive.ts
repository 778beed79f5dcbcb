/**
 * Everything, within a bound on preemptions: a depth-first walk through the tree of decisions.
 *
 * A run follows the path to one leaf: the choices of the run before up to one decision, another option there, and option 0 from there on.
 * What is bounded is how often a task is made to pause although it could go on; who goes next when a task has stopped by itself is free.
 * After Musuvathi and Qadeer, "Iterative context bounding for systematic testing of multithreaded programs" (2007): most bugs show with two.
 *
 * 1. Each leaf is a schedule, and is counted once.
 * 2. Options that would lead where another one has led are left out: to pause before an operation that was not ready, and to begin a select with a case that
 *    is not ready. That the latter is one shows only in the run, which is given up then.
 *
 * @module
 */
import { checkCount, checkOptions } from "../../errors.ts";
import {
  type ChoicePoint,
  type Chooser,
  costOf,
  type Decision,
  type ExplorationStrategy,
  NONE_READY,
  preemptionsIn,
  type Strategy,
} from "./decision.ts";
import { unlike } from "./failure.ts";

export interface ExhaustiveOptions {
  /** How often a schedule may make a task pause that could go on: 2 if left out; `Infinity` for no bound. */
  readonly preemptions?: number;
  /** After how many schedules it gives up: 100,000 if left out. The result says whether it was complete. */
  readonly schedules?: number;
}

export const DEFAULT_PREEMPTIONS = 2;
const DEFAULT_SCHEDULES = 100_000;

/**
 * The strategy that tries every schedule with at most so many preemptions.
 *
 * @example
 * ```ts
 * import { exhaustive, explore } from "gokio/testing";
 * const twice = function* () {
 *   yield* yieldNow();
 *   yield* yieldNow();
 * };
 * const { schedules, complete } = await explore(
 *   function* () {
 *     spawn(twice);
 *     spawn(twice);
 *   },
 *   { strategy: exhaustive() },
 * );
 * console.log(schedules, complete); // 20 true
 * ```
 *
 * @throws {RangeError} unless both are whole numbers, or `preemptions` is `Infinity`.
 */
export function exhaustive(options: ExhaustiveOptions = {}): ExplorationStrategy {
  const { preemptions = DEFAULT_PREEMPTIONS, schedules = DEFAULT_SCHEDULES } = checkOptions(options);
  checkPreemptions(preemptions);
  checkCount("schedules", schedules, 1);
  return { begin: () => new ExhaustiveStrategy(preemptions, schedules) };
}

export function checkPreemptions(preemptions: number): void {
  if (preemptions !== Number.POSITIVE_INFINITY) checkCount("preemptions", preemptions);
}

export class ExhaustiveStrategy implements Strategy {
  readonly name = "exhaustive";
  readonly seed = undefined;
  readonly label: string;
  readonly #bound: number;
  #path: readonly Decision[] | undefined = [];
  #left: number;

  constructor(bound: number, most: number) {
    this.#bound = bound;
    this.#left = most;
    this.label = `exhaustive exploration (at most ${bound} preemptions)`;
  }

  get complete(): boolean {
    return this.#path === undefined;
  }

  next(): Chooser | undefined {
    return this.#path === undefined || this.#left === 0 ? undefined : new PathChooser(this.#path);
  }

  ended(decisions: readonly Decision[]): boolean {
    const isRepeat = decisions.some(({ won, choice }) => won !== undefined && won !== NONE_READY && won < choice);
    const was = this.#path?.[decisions.length];
    if (was !== undefined) throw unlike(decisions.length, was, undefined);
    if (!isRepeat) this.#left--;
    // A repeat ends at the last decision of the path: the tree below it has been walked.
    this.#path = this.#after(isRepeat ? decisions.slice(0, this.#path?.length) : decisions);
    return !isRepeat;
  }

  /** The path to the next leaf. */
  #after(decisions: readonly Decision[]): readonly Decision[] | undefined {
    let spent = preemptionsIn(decisions);
    for (let i = decisions.length - 1; i >= 0; i--) {
      const last = decisions[i] as Decision;
      spent -= costOf(last, last.choice);
      const choice = nextOption(last);
      if (choice === undefined || spent + costOf(last, choice) > this.#bound) continue;
      return [...decisions.slice(0, i), { ...last, choice, won: undefined }];
    }
    return undefined;
  }
}

/** The next option that may lead somewhere else; costs only grow from one to the next. */
function nextOption({ count, choice, isMoot, won }: Decision): number | undefined {
  if (isMoot || won === NONE_READY) return undefined;
  // The cases up to the one that was ready were tried, and were not.
  if (won !== undefined && won < choice) return undefined;
  const next = (won ?? choice) + 1;
  return next < count ? next : undefined;
}

/** Follows a path, and takes option 0 beyond its end. */
class PathChooser implements Chooser {
  readonly skipsRepeats = true;
  readonly #path: readonly Decision[];

  constructor(path: readonly Decision[]) {
    this.#path = path;
  }

  choose(point: ChoicePoint, decisions: readonly Decision[]): number {
    const was = this.#path[decisions.length];
    if (was === undefined) return 0;
    if (was.count !== point.count || was.kind !== point.kind) throw unlike(decisions.length, was, point);
    return was.choice;
  }
}
