/**
 * Random walks: at each decision, each option is as likely as any other.
 *
 * @module
 */
import { checkCount, checkOptions } from "../../errors.ts";
import { seedOf, seedText, stream } from "../seed.ts";
import type { ChoicePoint, Chooser, ExplorationStrategy, Strategy } from "./decision.ts";

export interface RandomOptions {
  /** Decides all choices: a number, or the text an error told of. 1 if left out, so that a test tries the same schedules each time. */
  readonly seed?: number | string;
  /** How many schedules to try: 1,000 if left out. */
  readonly schedules?: number;
}

export const DEFAULT_SEED = 1;
export const DEFAULT_SCHEDULES = 1000;

/**
 * The strategy that chooses at random, from a seed: quick to reach far from what usually happens, and never complete.
 *
 * @example
 * ```ts
 * import { explore, random } from "gokio/testing";
 * const { schedules } = await explore(
 *   async () => {
 *     const ch = chan<number>(1);
 *     const sender = spawn(async () => ch.send(1));
 *     await ch.recv();
 *     await sender;
 *   },
 *   { strategy: random({ seed: 7, schedules: 50 }) },
 * );
 * console.log(schedules); // 50
 * ```
 *
 * @throws {RangeError} unless `schedules` is a whole number, and `seed` one of this version; {TypeError} if it is no seed.
 */
export function random(options: RandomOptions = {}): ExplorationStrategy {
  const { seed = DEFAULT_SEED, schedules = DEFAULT_SCHEDULES } = checkOptions(options);
  const number = seedOf(seed);
  checkCount("schedules", schedules, 1);
  return { begin: () => new RandomStrategy(number, schedules) };
}

export class RandomStrategy implements Strategy {
  readonly name = "random";
  readonly complete = false;
  readonly seed: string;
  readonly label: string;
  readonly #seed: number;
  readonly #schedules: number;
  #tried = 0;

  constructor(seed: number, schedules: number) {
    this.#seed = seed;
    this.seed = seedText(seed);
    this.#schedules = schedules;
    this.label = `random exploration (seed ${this.seed})`;
  }

  next(): Chooser | undefined {
    return this.#tried === this.#schedules ? undefined : new RandomChooser(stream(this.#seed, this.#tried));
  }

  ended(): boolean {
    this.#tried++;
    return true;
  }
}

class RandomChooser implements Chooser {
  readonly skipsRepeats = false;
  readonly #dice: () => number;

  constructor(dice: () => number) {
    this.#dice = dice;
  }

  choose({ count }: ChoicePoint): number {
    return this.#dice() % count;
  }
}
