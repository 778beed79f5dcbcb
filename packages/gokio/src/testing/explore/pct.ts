/**
 * Probabilistic concurrency testing: random priorities, and a few points at which whoever is on top falls to the bottom.
 *
 * After Burckhardt, Kothari, Musuvathi and Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding bugs" (2010). A bug of depth d needs
 * d ordering constraints; with n tasks and k steps, each run finds it with a probability of at least 1 / (n · kᵈ⁻¹): the better, the simpler the bug,
 * however large the program. The length k is the longest seen so far.
 *
 * @module
 */
import { checkCount, checkOptions } from "../../errors.ts";
import type { Coroutine } from "../../kernel/coroutine.ts";
import { seedOf, seedText, stream } from "../seed.ts";
import type { ChoicePoint, Chooser, Decision, ExplorationStrategy, Strategy } from "./decision.ts";
import { DEFAULT_SCHEDULES, DEFAULT_SEED, type RandomOptions } from "./random.ts";

export interface PctOptions extends RandomOptions {
  /** How many ordering constraints a bug may need: 3 if left out. */
  readonly depth?: number;
}

export const DEFAULT_DEPTH = 3;
/** How long a run is taken to be before there was one, in decisions. */
const FIRST_LENGTH = 16;

/**
 * The strategy that gives tasks random priorities, and changes them at `depth - 1` random points: good at finding what needs one task to be held up for long
 * at the wrong moment.
 *
 * @example
 * ```ts
 * import { explore, pct } from "gokio/testing";
 * const { schedules } = await explore(
 *   async () => {
 *     const both = new WaitGroup();
 *     both.go(async () => yieldNow());
 *     both.go(async () => yieldNow());
 *     await both.wait();
 *   },
 *   { strategy: pct({ seed: 7, depth: 2, schedules: 100 }) },
 * );
 * console.log(schedules); // 100
 * ```
 *
 * @throws {RangeError} unless all are whole numbers, and `depth` at least 1.
 */
export function pct(options: PctOptions = {}): ExplorationStrategy {
  const { seed = DEFAULT_SEED, schedules = DEFAULT_SCHEDULES, depth = DEFAULT_DEPTH } = checkOptions(options);
  const number = seedOf(seed);
  checkCount("schedules", schedules, 1);
  checkCount("depth", depth, 1);
  return { begin: () => new PctStrategy(number, schedules, depth) };
}

export class PctStrategy implements Strategy {
  readonly name = "pct";
  readonly complete = false;
  readonly seed: string;
  readonly label: string;
  readonly #seed: number;
  readonly #schedules: number;
  readonly #depth: number;
  #tried = 0;
  #longest = FIRST_LENGTH;

  constructor(seed: number, schedules: number, depth: number) {
    this.#seed = seed;
    this.seed = seedText(seed);
    this.#schedules = schedules;
    this.#depth = depth;
    this.label = `PCT (seed ${this.seed}, depth ${depth})`;
  }

  next(): Chooser | undefined {
    if (this.#tried === this.#schedules) return undefined;
    return new PriorityChooser(stream(this.#seed, this.#tried), this.#depth, this.#longest);
  }

  ended(decisions: readonly Decision[]): boolean {
    this.#tried++;
    // The first run says how long they are; before, it was a guess.
    this.#longest = this.#tried === 1 ? Math.max(1, decisions.length) : Math.max(this.#longest, decisions.length);
    return true;
  }
}

class PriorityChooser implements Chooser {
  readonly skipsRepeats = false;
  readonly #dice: () => number;
  readonly #priorities = new Map<Coroutine | undefined, number>();
  /** The decisions before which whoever is on top falls. */
  readonly #changes = new Set<number>();
  #lowest = 0;

  constructor(dice: () => number, depth: number, length: number) {
    this.#dice = dice;
    for (let i = 1; i < depth; i++) this.#changes.add(dice() % length);
  }

  choose(point: ChoicePoint, decisions: readonly Decision[]): number {
    if (point.kind === "select" || point.kind === "order") return this.#dice() % point.count;
    if (this.#changes.has(decisions.length)) this.#priorities.set(point.ownerOf(this.#top(point)), --this.#lowest);
    return this.#top(point);
  }

  #top(point: ChoicePoint): number {
    let top = 0;
    for (let i = 1; i < point.count; i++) {
      if (this.#priorityOf(point.ownerOf(i)) > this.#priorityOf(point.ownerOf(top))) top = i;
    }
    return top;
  }

  #priorityOf(task: Coroutine | undefined): number {
    let priority = this.#priorities.get(task);
    if (priority === undefined) {
      priority = this.#dice();
      this.#priorities.set(task, priority);
    }
    return priority;
  }
}
