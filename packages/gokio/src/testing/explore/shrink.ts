/**
 * Makes a failing schedule short: fewer preemptions first, then fewer choices that are not option 0, then fewer decisions.
 *
 * Delta debugging after Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (2002): parts of the schedule are replaced by option 0,
 * or left out so that what follows moves up, large parts first. A change is kept if the run still fails in the same way and is simpler. Which decisions
 * there are depends on those before, so each run tells anew what its schedule is. That can end where every change is for the worse, though somewhere else one
 * choice would do: so at last every schedule of a single choice is tried.
 *
 * @module
 */
import { costOf, type Decision, preemptionsIn } from "./decision.ts";
import { type Failure, isAlike } from "./failure.ts";
import type { Run } from "./run.ts";
import type { Choice } from "./schedule.ts";

/** When it stops, done or not. */
const MOST_RUNS = 500;
const MOST_STEPS = 300_000;

/** Runs the body with these choices, and option 0 where they don't fit. */
export type Attempt = (choices: readonly Choice[]) => Promise<Run>;

export interface Shrunk {
  readonly decisions: readonly Decision[];
  readonly failure: Failure;
  readonly runs: number;
}

export async function shrink(found: Run, attempt: Attempt): Promise<Shrunk> {
  const shrinking = new Shrinking(found, attempt);
  await shrinking.goOn();
  return shrinking;
}

class Shrinking implements Shrunk {
  decisions: readonly Decision[];
  failure: Failure;
  runs = 0;
  readonly #attempt: Attempt;
  #steps = 0;

  constructor(found: Run, attempt: Attempt) {
    this.decisions = found.decisions;
    this.failure = found.failure as Failure;
    this.#attempt = attempt;
  }

  async goOn(): Promise<void> {
    let isSimpler: boolean;
    do {
      isSimpler = await this.#dropEach((each) => costOf(each, each.choice) > 0);
      isSimpler = (await this.#dropEach((each) => each.choice > 0)) || isSimpler;
      isSimpler = (await this.#leaveOut()) || isSimpler;
    } while (isSimpler && !this.#isSpent);
    if (this.decisions.filter(({ choice }) => choice > 0).length > 1) await this.#trySingles();
  }

  /** Tries each schedule with one choice, the earliest first. */
  async #trySingles(): Promise<void> {
    const { decisions } = await this.#attempt([]);
    for (let i = 0; i < decisions.length; i++) {
      const before = decisions.slice(0, i);
      const { count } = decisions[i] as Decision;
      for (let choice = 1; choice < count && !this.#isSpent; choice++) await this.#try([...before, { choice, count }]);
    }
  }

  get #isSpent(): boolean {
    return this.runs >= MOST_RUNS || this.#steps >= MOST_STEPS;
  }

  /** Replaces decisions of a kind by option 0: all, then halves, then each. */
  async #dropEach(isWanted: (decision: Decision) => boolean): Promise<boolean> {
    let isSimpler = false;
    for (let size = this.#placesOf(isWanted).length; size >= 1; size = Math.floor(size / 2)) {
      // From the end: what comes early changes everything behind it.
      for (let end = this.#placesOf(isWanted).length; end > 0 && !this.#isSpent; end -= size) {
        const dropped = new Set(this.#placesOf(isWanted).slice(Math.max(0, end - size), end));
        isSimpler =
          (await this.#try(this.decisions.map((each, i) => (dropped.has(i) ? byItself(each) : each)))) || isSimpler;
      }
    }
    return isSimpler;
  }

  #placesOf(isWanted: (decision: Decision) => boolean): number[] {
    return [...this.decisions.keys()].filter((i) => isWanted(this.decisions[i] as Decision));
  }

  /** Leaves decisions out, so that those behind them come earlier. */
  async #leaveOut(): Promise<boolean> {
    let isSimpler = false;
    const length = (): number => this.decisions.findLastIndex(({ choice }) => choice > 0) + 1;
    for (let size = Math.ceil(length() / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let start = length() - size; start >= 0 && !this.#isSpent; start -= size) {
        const left = [...this.decisions.slice(0, start), ...this.decisions.slice(start + size)];
        isSimpler = (await this.#try(left)) || isSimpler;
      }
    }
    return isSimpler;
  }

  /** Keeps what comes of `choices` if it fails alike and is simpler. */
  async #try(choices: readonly Choice[]): Promise<boolean> {
    this.runs++;
    const run = await this.#attempt(choices);
    this.#steps += run.steps;
    if (!isAlike(this.failure, run.failure) || !isSimpler(run.decisions, this.decisions)) return false;
    this.decisions = run.decisions;
    this.failure = run.failure as Failure;
    return true;
  }
}

function byItself({ count }: Choice): Choice {
  return { count, choice: 0 };
}

function isSimpler(a: readonly Decision[], b: readonly Decision[]): boolean {
  const [sizesA, sizesB] = [sizesOf(a), sizesOf(b)];
  const differs = sizesA.findIndex((size, i) => size !== sizesB[i]);
  return differs >= 0 && (sizesA[differs] as number) < (sizesB[differs] as number);
}

function sizesOf(decisions: readonly Decision[]): number[] {
  const chosen = decisions.filter(({ choice }) => choice > 0).length;
  const last = decisions.findLastIndex(({ choice }) => choice > 0);
  return [preemptionsIn(decisions), chosen, last, decisions.length];
}
