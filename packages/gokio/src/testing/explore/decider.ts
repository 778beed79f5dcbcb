/**
 * The decisions of one run: what was asked, what the chooser said.
 *
 * @module
 */
import type { Coroutine } from "../../kernel/coroutine.ts";
import { type Chooser, type Decision, type DecisionKind, NONE_READY } from "./decision.ts";
import { noteOutcome, type Selecting, SelectOrder } from "./select-order.ts";
import type { Trace } from "./trace.ts";

type OwnerOf = (option: number) => Coroutine | undefined;

export class Decider {
  readonly made: Decision[] = [];
  /** Why the schedule could not be followed. */
  broken: unknown = undefined;
  /** Whether the run has come to where an earlier one had been. */
  isRepeat = false;
  readonly #chooser: Chooser;
  readonly #trace: Trace | undefined;
  readonly #selects = new WeakMap<Selecting, SelectOrder>();

  constructor(chooser: Chooser, trace: Trace | undefined) {
    this.#chooser = chooser;
    this.#trace = trace;
  }

  /** Options from `costsFrom` on are preemptions. Of one option, nothing is decided. */
  decide(kind: DecisionKind, count: number, costsFrom: number, ownerOf: OwnerOf): Decision {
    const choice = count === 1 ? 0 : this.#choose(kind, count, costsFrom, ownerOf);
    const decision: Decision = { kind, count, costsFrom, choice, isMoot: false, won: undefined };
    if (count > 1) this.made.push(decision);
    return decision;
  }

  #choose(kind: DecisionKind, count: number, costsFrom: number, ownerOf: OwnerOf): number {
    try {
      return this.#chooser.choose({ kind, count, costsFrom, ownerOf }, this.made);
    } catch (error) {
      // The body's code may be on the stack, and has nothing to do with it.
      this.broken ??= error;
      return 0;
    }
  }

  /** A number below a bound, for whoever draws one. */
  roll(below: number, select: Selecting | undefined, task: Coroutine | undefined): number {
    if (below <= 1) return 0;
    const owner = (): Coroutine | undefined => task;
    if (select === undefined) return this.decide("order", below, below, owner).choice;
    // It draws once for each case it tries, but for the last: the first time, there are as many as it has.
    if (below === select.alternatives.length) {
      const decision = this.decide("select", below, below, owner);
      noteOutcome(select, (won) => this.#selected(decision, won));
      this.#selects.set(select, new SelectOrder(below, decision.choice));
    }
    return this.#selects.get(select)?.next() ?? 0;
  }

  #selected(decision: Decision, won: number): void {
    decision.won = won;
    if (won === NONE_READY) return;
    this.#trace?.note(`select takes case ${won + 1}`);
    // All that come before it on the way round were not ready: so it was found before.
    if (won < decision.choice && this.#chooser.skipsRepeats) this.isRepeat = true;
  }
}
