/**
 * What is decided in a run, and who decides it.
 *
 * A run comes to a point where several things could happen next; a chooser says which. The options are numbered so that 0 is always the plainest:
 * go on, or else run whoever became ready first. So a schedule is a list of small numbers, most of which are 0.
 *
 * | kind      | option 0               | option k                                                 |
 * |-----------|------------------------|----------------------------------------------------------|
 * | `preempt` | the task goes on       | it pauses before (async: after) an operation that is ready, and the k-th ready one runs |
 * | `pick`    | the oldest ready one   | the one that became ready k-th after it                  |
 * | `select`  | case 0 is tried first  | case k is tried first, then those behind it, then those before |
 * | `order`   | the first              | the k-th of what is left to be shuffled                  |
 *
 * @module
 */
import type { Coroutine } from "../../kernel/coroutine.ts";

export type DecisionKind = "preempt" | "pick" | "select" | "order";

/** A point at which something has to be chosen. */
export interface ChoicePoint {
  readonly kind: DecisionKind;
  /** How many options there are: 2 or more. */
  readonly count: number;
  /** Options from this one on cost a preemption each; `count` if all are free. */
  readonly costsFrom: number;
  /** Whose turn it is with an option; `undefined` for what is no task's. */
  ownerOf(option: number): Coroutine | undefined;
}

/** What was chosen. */
export interface Decision {
  readonly kind: DecisionKind;
  readonly count: number;
  readonly costsFrom: number;
  readonly choice: number;
  /** Of a `preempt` that went on: the operation turned out not to be ready, so that pausing before it would have led nowhere else. */
  isMoot: boolean;
  /** Of a `select`: the case that was ready, or {@link NONE_READY}; `undefined` if that is not known. */
  won: number | undefined;
}

export const NONE_READY = -1;

/** Chooses in one run. */
export interface Chooser {
  choose(point: ChoicePoint, decisions: readonly Decision[]): number;
  /** Whether a run whose select came out as in an earlier one may be given up. */
  readonly skipsRepeats: boolean;
}

/** How to explore: what {@link exhaustive}, {@link random}, {@link pct} and {@link mixed} make. */
export interface ExplorationStrategy {
  /** @internal */
  begin(): Strategy;
}

/** Chooses what runs there are, in one exploration. */
export interface Strategy {
  /** How it is told in a schedule: "exhaustive", "random". */
  readonly name: string;
  /** How it is told to people. */
  readonly label: string;
  readonly seed: string | undefined;
  /** The chooser of the next run; `undefined` if there is none. */
  next(): Chooser | undefined;
  /** The run is over. `false` if it was a repeat, which doesn't count. */
  ended(decisions: readonly Decision[]): boolean;
  /** Whether every schedule within the bounds has been run. */
  readonly complete: boolean;
}

/** How many preemptions an option costs: 0 or 1. */
export function costOf(decision: Pick<Decision, "costsFrom">, choice: number): number {
  return choice >= decision.costsFrom ? 1 : 0;
}

export function preemptionsIn(decisions: readonly Decision[]): number {
  return decisions.reduce((sum, each) => sum + costOf(each, each.choice), 0);
}
