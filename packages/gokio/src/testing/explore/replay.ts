/**
 * Following a schedule that is known: exactly, to see a failure again, or loosely, to see whether a shorter one fails as well.
 *
 * @module
 */
import type { ChoicePoint, Chooser, Decision } from "./decision.ts";
import { unlike } from "./failure.ts";
import type { Choice } from "./schedule.ts";

export class ReplayChooser implements Chooser {
  readonly skipsRepeats = false;
  readonly #choices: readonly Choice[];
  readonly #isExact: boolean;

  /** An exact one refuses to go on where there are other options than there were; else option 0 stands in for those there are not. */
  constructor(choices: readonly Choice[], isExact: boolean) {
    this.#choices = choices;
    this.#isExact = isExact;
  }

  choose(point: ChoicePoint, decisions: readonly Decision[]): number {
    const was = this.#choices[decisions.length];
    if (was === undefined) return 0;
    if (this.#isExact && was.count !== point.count) throw unlike(decisions.length, was, point);
    return was.choice < point.count ? was.choice : 0;
  }

  /** To be called at the end of an exact one. @throws {NondeterminismError} if it was over too early. */
  check(decisions: readonly Decision[]): void {
    const was = this.#choices[decisions.length];
    if (was !== undefined) throw unlike(decisions.length, was, undefined);
  }
}
