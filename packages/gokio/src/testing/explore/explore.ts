/**
 * Exploration: the same test under many interleavings.
 *
 * Every call of the body gets a scheduler of its own, whose every choice is made by a strategy: which of the tasks that are ready runs next, whether one
 * pauses at an operation that is ready, which ready case a select takes. A schedule that fails is shortened, run once more to be told step by
 * step, and thrown as an {@link ExplorationError}.
 *
 * @module
 */
import { platform } from "#platform";
import { checkCount, checkFunction, checkOptions, MisuseError, wrongType } from "../../errors.ts";
import { currentScheduler } from "../../kernel/current.ts";
import { realHost } from "../../kernel/host.ts";
import { type AnyBody, type Body, isGeneratorFunction } from "../../task/body.ts";
import { VirtualHost } from "../virtual-host.ts";
import { type Chooser, type Decision, type ExplorationStrategy, preemptionsIn, type Strategy } from "./decision.ts";
import { settle } from "./exploring-host.ts";
import { ExplorationError, type Failure, isAlike, NondeterminismError } from "./failure.ts";
import { mixed } from "./mixed.ts";
import { ReplayChooser } from "./replay.ts";
import { Run, type RunLimits } from "./run.ts";
import { type Choice, decodeSchedule, encodeSchedule } from "./schedule.ts";
import { type Shrunk, shrink } from "./shrink.ts";
import { Trace } from "./trace.ts";

export interface ExploreOptions {
  /** How to choose: {@link exhaustive}, {@link random}, {@link pct}; {@link mixed} if left out. */
  readonly strategy?: ExplorationStrategy | undefined;
  /** A schedule that an {@link ExplorationError} told of: only that one is run, and nothing is shortened. */
  readonly replay?: string | undefined;
  /** How many steps a schedule may have: 10,000 if left out. More is a failure. */
  readonly maxSteps?: number | undefined;
  /**
   * Time stands still while a task is ready. With `true`, the next timer may fire although somebody is ready, as it does when tasks are slow. Each time counts
   * as a preemption.
   */
  readonly slowTasks?: boolean | undefined;
  /** Ends the exploration when the runner gives up on the test, between two schedules: what Vitest and node:test hand to a test. */
  readonly signal?: AbortSignal | undefined;
  /** Called now and then. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How far an exploration is. */
export interface Progress {
  /** Schedules that were tried. */
  readonly schedules: number;
  /** Steps of all of them: tasks resumed, operations that were ready. */
  readonly steps: number;
}

/** An exploration that found nothing. */
export interface Explored extends Progress {
  /** Whether these were all schedules within the bounds of the strategy. */
  readonly complete: boolean;
  /** What the random choices came from. */
  readonly seed: string | undefined;
}

const DEFAULT_MAX_STEPS = 10_000;
/** How long the event loop may have to wait, in milliseconds. */
const BREATH = 50;

/**
 * Calls `body` again and again, each time under another interleaving of its tasks, and fails with the first in which it fails: when it throws, when a task fails
 * that nobody joins, when nothing can go on any more, when it leaves a task behind that will never end.
 *
 * What is decided: which of several ready tasks runs next; whether a task pauses at an operation that is ready, so that another runs first; which ready case a
 * select takes. A schedule is one list of such choices. Between two waits a task is never interrupted, as ever. Time is virtual, and
 * moves when nothing is ready.
 *
 * The body, an async function or a generator function, runs as a task named `test`, and is followed until all tasks but daemons have ended. It has to make all its state anew, and
 * to wait through gokio only: where it awaits something else, that is an error which says so (`await wait(promise)` is fine, as long as gokio is what
 * settles the promise). Generator bodies are explored about three times as fast. The tasks of a schedule that failed are dropped where they stand.
 *
 * Cancel-safe: a cancelled task goes on with it; `signal` ends it.
 *
 * @example
 * ```ts
 * import { explore } from "gokio/testing";
 * const { schedules, complete } = await explore(async () => {
 *   const count = new Mutex(0);
 *   const increment = () => count.with(async (guard) => {
 *     const seen = guard.value;
 *     await yieldNow();
 *     guard.value = seen + 1;
 *   });
 *   const tasks = [spawn(increment), spawn(increment)];
 *   for (const task of tasks) await task;
 *   using guard = await count.lock();
 *   if (guard.value !== 2) throw new Error("an update was lost");
 * });
 * console.log(schedules, complete); // 13 true
 * ```
 *
 * @throws {ExplorationError} with the schedule, shortened, in which the body failed.
 * @throws {NondeterminismError} if the same choices led elsewhere: the test depends on something else.
 * @throws the reason of `signal`, once that is aborted.
 * @throws {TypeError} at the call, if an option, or the schedule to replay, is not what it has to be; {RangeError} if the schedule is of another version.
 * @throws {MisuseError} at the call, inside another exploration or a simulation; for an async body, where the runtime has no AsyncLocalStorage.
 */
export function explore<R>(body: Body<R>, options: ExploreOptions = {}): Promise<Explored> {
  checkFunction("body", body);
  const { strategy = mixed(), replay, maxSteps = DEFAULT_MAX_STEPS, slowTasks = false } = checkOptions(options);
  const { onProgress, signal } = options;
  if (typeof strategy?.begin !== "function") {
    throw wrongType("strategy", "one of exhaustive(), random(), pct() and mixed()", strategy);
  }
  checkCount("maxSteps", maxSteps, 1);
  if (onProgress !== undefined) checkFunction("onProgress", onProgress);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw wrongType("signal", "an AbortSignal", signal);
  if (currentScheduler().host instanceof VirtualHost) {
    throw new MisuseError(
      "explore: it cannot be called inside an exploration or a simulation: it makes a world of its own",
    );
  }
  if (!platform.hasAmbience && !isGeneratorFunction(body)) {
    throw new MisuseError("explore: without AsyncLocalStorage async code can't be explored: write generator functions");
  }
  const exploration = new Exploration(body as AnyBody, { maxSteps, slowTasks }, onProgress, signal);
  return replay === undefined ? exploration.run(strategy.begin()) : exploration.replay(replay);
}

class Exploration implements Progress {
  schedules = 0;
  steps = 0;
  readonly #body: AnyBody;
  readonly #limits: RunLimits;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  #breathed = realHost.now();

  constructor(
    body: AnyBody,
    limits: RunLimits,
    onProgress: ((progress: Progress) => void) | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#signal = signal;
    this.#body = body;
    this.#limits = limits;
    this.#onProgress = onProgress;
  }

  async run(strategy: Strategy): Promise<Explored> {
    for (let chooser = strategy.next(); chooser !== undefined; chooser = strategy.next()) {
      const run = await this.#one(chooser);
      this.steps += run.steps;
      if (run.failure !== undefined) throw await this.#report(run, strategy);
      if (strategy.ended(run.decisions)) this.schedules++;
    }
    return this.#result(strategy.complete, strategy.seed);
  }

  replay(text: string): Promise<Explored> {
    const { strategy, choices } = decodeSchedule(text);
    return this.#replay(strategy, choices);
  }

  async #replay(strategy: string, choices: readonly Choice[]): Promise<Explored> {
    const trace = new Trace();
    const run = await this.#exactly(choices, trace);
    this.schedules++;
    this.steps = run.steps;
    if (run.failure === undefined) return this.#result(false, undefined);
    const schedule = encodeSchedule(strategy, run.decisions);
    const steps = trace.lines((line) => run.labels.translate(line));
    throw new ExplorationError({
      failure: run.failure,
      schedule,
      seed: undefined,
      steps,
      schedules: 1,
      found: "replayed",
    });
  }

  #result(complete: boolean, seed: string | undefined): Explored {
    const { schedules, steps } = this;
    return { schedules, steps, complete, seed };
  }

  /** One run, from beginning to end. */
  async #one(chooser: Chooser, trace?: Trace): Promise<Run> {
    this.#signal?.throwIfAborted();
    const run = new Run(this.#body, chooser, this.#limits, trace);
    try {
      while (!run.goOn()) await settle();
    } finally {
      trace?.close();
    }
    if (run.broken !== undefined) throw run.broken;
    if (realHost.now() - this.#breathed > BREATH) await this.#breathe();
    return run;
  }

  async #exactly(choices: readonly Choice[], trace: Trace): Promise<Run> {
    const chooser = new ReplayChooser(choices, true);
    const run = await this.#one(chooser, trace);
    chooser.check(run.decisions);
    return run;
  }

  async #breathe(): Promise<void> {
    await settle();
    this.#onProgress?.({ schedules: this.schedules, steps: this.steps });
    this.#breathed = realHost.now();
  }

  async #report(found: Run, { name, label, seed }: Strategy): Promise<Error> {
    const failure = found.failure as Failure;
    const shrunk = await shrink(found, (choices) => this.#one(new ReplayChooser(choices, false)));
    const trace = new Trace();
    const again = await this.#exactly(shrunk.decisions, trace);
    if (again.failure === undefined || !isAlike(failure, again.failure)) {
      throw new NondeterminismError(
        `explore: a schedule failed (${failure.message}), and did not when it was run again: the test depends on something besides the schedule`,
      );
    }
    return new ExplorationError({
      failure: again.failure,
      schedule: encodeSchedule(name, shrunk.decisions),
      seed,
      steps: trace.lines((line) => again.labels.translate(line)),
      schedules: this.schedules + 1,
      found: `schedule ${this.schedules + 1} of ${label}; ${shortened(found.decisions, shrunk)}`,
    });
  }
}

function shortened(from: readonly Decision[], { decisions, runs }: Shrunk): string {
  if (runs === 0) return "nothing out of the usual order";
  return `shortened from ${sizeOf(from)} to ${sizeOf(decisions)} in ${runs} runs`;
}

function sizeOf(decisions: readonly Decision[]): string {
  const chosen = decisions.filter(({ choice }) => choice > 0).length;
  return `${chosen} choices (${preemptionsIn(decisions)} preemptions)`;
}
