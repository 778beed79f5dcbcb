/**
 * How a run can fail, and the errors that tell of it.
 *
 * @module
 */
import type { ChoicePoint } from "./decision.ts";
import type { Choice } from "./schedule.ts";

/**
 * Why a schedule failed:
 *
 * - `"error"`: the body threw;
 * - `"unjoined"`: a task failed, and nobody joined it;
 * - `"deadlock"`: the body waits, and nothing is left that could wake it;
 * - `"leftover"`: the body has ended, and a task that is no daemon waits for ever;
 * - `"foreign wait"`: async code waits for something that is not gokio's;
 * - `"step limit"`: it went on for more than `maxSteps`.
 */
export type FailureKind = "error" | "unjoined" | "deadlock" | "leftover" | "foreign wait" | "step limit";

/** How one run failed. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** What was thrown, if something was. */
  readonly cause?: unknown;
}

/** Whether both are failures of one sort. */
export function isAlike(a: Failure, b: Failure | undefined): boolean {
  return b !== undefined && a.kind === b.kind && nameOf(a.cause) === nameOf(b.cause);
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : typeof cause;
}

/** What an {@link ExplorationError} tells. */
export interface FailureReport {
  readonly failure: Failure;
  readonly schedule: string;
  readonly seed: string | undefined;
  readonly steps: readonly string[];
  readonly schedules: number;
  /** How it was found. */
  readonly found: string;
}

/** The most steps shown in a message: the first, and the last. */
const SHOWN_FIRST = 15;
const SHOWN_LAST = 45;

/**
 * An interleaving was found in which the test fails. `cause` is what the test threw there, if it threw.
 *
 * @example
 * ```ts
 * import { ExplorationError, explore } from "gokio/testing";
 * const found = await explore(function* () {
 *   let count = 0;
 *   const increment = function* () {
 *     const seen = count;
 *     yield* yieldNow();
 *     count = seen + 1;
 *   };
 *   const tasks = [spawn(increment), spawn(increment)];
 *   for (const task of tasks) yield* join(task);
 *   if (count !== 2) throw new Error(`counted ${count}`);
 * }).catch((error) => error);
 * console.log(found instanceof ExplorationError, found.cause.message); // true counted 1
 * ```
 */
export class ExplorationError extends Error {
  override get name(): string {
    return "ExplorationError";
  }
  /** In which way it fails. */
  readonly kind: FailureKind;
  /** The shortest schedule found that fails so: what `explore` takes as `replay`. */
  readonly schedule: string;
  /** What the strategy's choices came from, if it was a random one. */
  readonly seed: string | undefined;
  /** What happens in that schedule, a line for each step. */
  readonly steps: readonly string[];
  /** How many schedules had been tried when it was found. */
  readonly schedules: number;

  /** @internal */
  constructor({ failure, schedule, seed, steps, schedules, found }: FailureReport) {
    const lines = [
      `explore: ${failure.message}`,
      `  ${found}`,
      `  replay: ${JSON.stringify(schedule)}`,
      ...shorten(steps),
    ];
    super(lines.join("\n"), "cause" in failure ? { cause: failure.cause } : undefined);
    this.kind = failure.kind;
    this.schedule = schedule;
    this.seed = seed;
    this.steps = steps;
    this.schedules = schedules;
  }
}

function shorten(steps: readonly string[]): readonly string[] {
  if (steps.length <= SHOWN_FIRST + SHOWN_LAST) return steps;
  const left = steps.length - SHOWN_FIRST - SHOWN_LAST;
  return [...steps.slice(0, SHOWN_FIRST), `      … ${left} more steps …`, ...steps.slice(-SHOWN_LAST)];
}

/**
 * The same choices led somewhere else than before: the test depends on something besides them. It has to make all of its state itself, anew in each
 * call, and to use neither real time nor real randomness nor I/O. Or the schedule that is replayed is that of another test.
 *
 * @example
 * ```ts
 * import { explore, NondeterminismError } from "gokio/testing";
 * let calls = 0;
 * const body = function* () {
 *   // Made outside: each call is another test.
 *   calls++;
 *   for (let n = 0; n < 1 + (calls % 3); n++) spawn(function* () {});
 * };
 * const failure = await explore(body).catch((error) => error);
 * console.log(failure instanceof NondeterminismError); // true
 * ```
 */
export class NondeterminismError extends Error {
  override get name(): string {
    return "NondeterminismError";
  }
}

/** The decision numbered `index` is not what it was. */
export function unlike(index: number, was: Choice & { kind?: string }, is: ChoicePoint | undefined): Error {
  const now = is === undefined ? "the run was over" : `there were ${is.count} options of a ${is.kind}`;
  const before = `${was.count} options${was.kind === undefined ? "" : ` of a ${was.kind}`}`;
  return new NondeterminismError(
    `explore: at decision ${index + 1} ${now}, where the same choices had led to ${before}: the test depends on something besides ` +
      "the schedule (state made outside the body, real time or randomness, I/O), or the schedule is that of another test, or of other code",
  );
}
