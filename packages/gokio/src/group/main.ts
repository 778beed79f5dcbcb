/**
 * The root of a program: a scope around everything, which the signals of the operating system cancel.
 *
 *     running ── body has ended ─────────────▶ leftovers are aborted ─▶ all cleanup is through ─▶ exit code
 *        │                                        ▲
 *        └── SIGINT, SIGTERM: scope cancelled ────┘        (a second signal: the process exits at once)
 *
 * @module
 */
import { program as theProcess } from "#platform";
import { checkFunction, MisuseError } from "../errors.ts";
import { Cancellation } from "../kernel/cancel-source.ts";
import { currentRegion } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { tasksOf } from "../kernel/task-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import type { BodyOutcome } from "../task/block.ts";
import type { Outcome } from "../task/body.ts";
import type { TaskRegion } from "../task/region.ts";
import type { Joining, TaskRecord } from "../task/task.ts";
import { Scope, ScopeBlock, type ScopeBody } from "./scope.ts";
import type { ScopeRegion } from "./scope-region.ts";

/**
 * Runs a program: `body` is the body of a {@link scope}, and when it ends, so does all it left behind, detached tasks included: they are aborted, and
 * their cleanup is waited for.
 *
 * SIGINT and SIGTERM cancel the scope, with the name of the signal as the reason; a second one ends the process at once. A program that a signal
 * cut short has 128 plus the signal's number as its exit code, and the result is `undefined`. A failure rejects, which ends a program that does not
 * handle it with exit code 1.
 *
 * Cancel-safe: nothing but a signal of the operating system cancels it, and its cleanup is waited for then, too.
 *
 * @example
 * ```ts
 * const total = await main(async (s) => {
 *   const numbers = s.produce<number>(1, async (tx) => {
 *     for (let n = 1; ; n++) await tx.send(n);
 *   });
 *   let sum = 0;
 *   for await (const n of numbers) if ((sum += n) >= 10) break;
 *   return sum;
 * });
 * console.log(total); // 10
 * ```
 *
 * @throws {MisuseError} inside a task, or while another `main` runs.
 */
export function main<R>(body: ScopeBody<R>): Promise<Outcome<R> | undefined> {
  checkFunction("body", body);
  const region = currentRegion();
  const { scheduler } = region;
  if (region !== scheduler.root) throw new MisuseError("main belongs at the top of the program, not inside a task");
  if (running.has(scheduler)) throw new MisuseError("main is running; inside it, use scope");
  running.add(scheduler);
  return run(scheduler, new Main<Outcome<R>>(body as (scope: Scope) => unknown));
}

const running = new WeakSet<Scheduler>();

async function run<T>(scheduler: Scheduler, program: Main<T>): Promise<T | undefined> {
  const ignoreSignals = theProcess.onSignal((name, exitCode) => program.signalled(name, exitCode));
  try {
    return await program;
  } catch (error) {
    if (!program.wasCutShort(error)) throw error;
    theProcess.exit(program.exitCode as number, false);
    return undefined;
  } finally {
    await endLeftovers(scheduler);
    ignoreSignals();
    running.delete(scheduler);
  }
}

class Main<T> extends ScopeBlock<T> {
  #region: ScopeRegion | undefined = undefined;
  #signal: Cancellation | undefined = undefined;
  /** That of the first signal. */
  exitCode: number | undefined = undefined;

  constructor(body: (scope: Scope) => unknown) {
    super((region) => {
      this.#region = region;
      return body(new Scope(region));
    });
  }

  signalled(name: string, exitCode: number): void {
    if (this.exitCode !== undefined) theProcess.exit(exitCode, true);
    this.exitCode = exitCode;
    if (this.#region?.cancellation !== undefined) return;
    this.#signal = new Cancellation(name);
    this.#region?.cancelWith(this.#signal);
  }

  /** Whether `error` is what the scope throws that a signal cancelled, and no failure. */
  wasCutShort(error: unknown): boolean {
    return this.#signal !== undefined && error === this.#signal.error;
  }

  protected override drain(region: TaskRegion, body: BodyOutcome<T> | undefined): Operation<unknown> | undefined {
    const rest = super.drain(region, body);
    (region as ScopeRegion).cancelItself("main has ended");
    return rest;
  }
}

/** Aborts every task there is, and waits, until there is none. */
async function endLeftovers(scheduler: Scheduler): Promise<void> {
  while (scheduler.tasks.size > 0) {
    const leftovers = [...tasksOf(scheduler.tasks)] as TaskRecord[];
    for (const task of leftovers) task.abort("main has ended");
    for (const task of leftovers) await startIn(scheduler.root, new End(task));
  }
}

/** Waits for the end of a task without asking for its outcome, so that a failure is still reported. */
class End extends Operation<void> implements Joining {
  readonly #task: TaskRecord;

  constructor(task: TaskRecord) {
    super();
    this.#task = task;
  }

  override try(): undefined | Pending {
    return this.#task.finished ? undefined : PENDING;
  }

  override link(waiter: Waiter<void>): void {
    this.#task.addJoiner(waiter as Waiter<never>, this);
  }

  override unlink(waiter: Waiter<void>): void {
    this.#task.removeJoiner(waiter as Waiter<never>);
  }

  deliver(waiter: Waiter): void {
    waiter.wake(undefined);
  }

  override describe(): string {
    return `the end of ${this.#task.label}`;
  }
}
