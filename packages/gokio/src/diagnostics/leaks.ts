/**
 * Leaks: tasks that have outlived what made them.
 *
 * A detached task may live as long as it likes; but one that a test, a request or a scope has started and left behind is mostly a mistake: it keeps what it
 * refers to, and holds the process. While a check is on, it is written down which tasks are made, and by whom; what is left of them at its end is the leak.
 *
 * @module
 */
import { platform } from "#platform";
import { checkDuration, checkFunction, checkOptions } from "../errors.ts";
import { ScopeRegion } from "../group/scope-region.ts";
import { currentRegion, currentScheduler } from "../kernel/current.ts";
import { asyncDispose, dispose } from "../kernel/dispose.ts";
import type { GeneratorRegion } from "../kernel/frame.ts";
import { machineTimer } from "../kernel/host.ts";
import { attachProbe } from "../kernel/probe.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { BlockBody } from "../task/block.ts";
import { currentRecord } from "../task/current.ts";
import type { TaskRecord } from "../task/task.ts";
import { TaskLocal } from "../task/task-local.ts";
import { snapshot, type TaskInfo } from "./model.ts";
import { captureSite, type Site } from "./sites.ts";
import { plural } from "./wording.ts";

/** How many turns of the event loop leftovers get to end, at least. */
const TURNS = 8;
/** How often to look after that, in milliseconds. */
const PAUSE = 10;

/** A task that has outlived what made it. */
export interface LeakedTask {
  /** That of its handle. */
  readonly id: number;
  /** What the task was named in its options. */
  readonly name: string | undefined;
  /** "task 7 (crawler)". */
  readonly label: string;
  /** Whether the process may end while it lives. */
  readonly daemon: boolean;
  /** What it is doing: "recv on chan(8)", "foreign await". */
  readonly doing: string;
  /** What made it: "task 3 (server), which has ended", "a scope that has ended". */
  readonly madeBy: string;
  /** Where it was made, if that is known. */
  readonly site: string | undefined;
}

export interface LeakOptions {
  /** How long leftovers may take to end, in milliseconds. They get a few turns of the event loop in any case; 0 by default. */
  readonly within?: number | undefined;
  /** Tells which of them are meant to stay. */
  readonly ignore?: ((task: LeakedTask) => boolean) | undefined;
}

/**
 * What a leak check throws: it names the tasks that are left.
 *
 * @example
 * ```ts
 * import { expectNoLeaks, LeakError } from "gokio/diagnostics";
 *
 * const check = expectNoLeaks();
 * const forgotten = spawn(() => chan<string>(8).recv(), { name: "worker" });
 * const error = await check[Symbol.asyncDispose]().catch((error) => error);
 * console.log(error instanceof LeakError, error.tasks[0].doing); // true recv on chan(8)
 * forgotten.abort();
 * ```
 */
export class LeakError extends Error {
  override get name(): string {
    return "LeakError";
  }
  /** The oldest first. */
  readonly tasks: readonly LeakedTask[];

  /** @internal */
  constructor(tasks: readonly LeakedTask[]) {
    const lines = tasks.map(
      ({ label, doing, madeBy, site }) =>
        `${label}: ${doing}; made by ${madeBy}${site === undefined ? "" : `, at ${site}`}`,
    );
    super([`${plural(tasks.length, "task")} left behind:`, ...lines].join("\n  "));
    this.tasks = tasks;
  }
}

/** A leak check under way. */
export interface LeakCheck extends AsyncDisposable {
  /**
   * The tasks made since the check began that are still there, once they have had their time to end.
   *
   * Cancel-safe: nothing is taken; it goes on to its own end.
   */
  leaks(): Promise<LeakedTask[]>;
  /**
   * Ends the check.
   *
   * Cancel-safe: it goes on to its own end.
   *
   * @throws {LeakError} if there are leaks.
   */
  [asyncDispose](): Promise<void>;
}

/**
 * Starts a check that ends when it is disposed: with a {@link LeakError} that names the tasks made meanwhile that are still there.
 *
 * Tasks of the scheduler are looked at, whoever made them: where tests run side by side in one process, take {@link leaked}.
 *
 * @example
 * ```ts
 * import { expectNoLeaks } from "gokio/diagnostics";
 *
 * const check = expectNoLeaks();
 * const forgotten = spawn(() => chan<string>(0, { name: "jobs" }).recv(), { name: "worker" });
 * const [leak] = await check.leaks();
 * console.log(leak?.name, leak?.doing); // worker recv on chan(0, "jobs")
 * forgotten.abort();
 * await check[Symbol.asyncDispose](); // In a test: `await using check = expectNoLeaks();`
 * ```
 *
 * @throws {RangeError} unless `within` is a time.
 */
export function expectNoLeaks(options: LeakOptions = {}): LeakCheck {
  return new Check(checkLeakOptions(options), undefined);
}

/**
 * Runs `body`, and gives the tasks it has left behind: those that were spawned by it, or by tasks of its, and are still there when they have had their
 * time to end. They are left as they are.
 *
 * Cancel-safe: as the body; what is left of a body that was cancelled is not told.
 *
 * @example
 * ```ts
 * import { leaked } from "gokio/diagnostics";
 *
 * let worker: JoinHandle<void> | undefined;
 * const leaks = await leaked(async () => {
 *   worker = spawn(async () => sleep(60_000), { name: "worker" });
 * });
 * console.log(leaks.map((task) => `${task.name}: ${task.doing}`)); // [ 'worker: sleep' ]
 * worker?.abort();
 * ```
 *
 * @throws what `body` throws.
 */
export async function leaked<R>(body: BlockBody<R>, options: LeakOptions = {}): Promise<LeakedTask[]> {
  checkFunction("body", body);
  const mark = new TaskLocal<true>();
  const check = new Check(checkLeakOptions(options), mark);
  try {
    await mark.run(true, body);
    return await check.leaks();
  } finally {
    check.stop();
  }
}

function checkLeakOptions(options: LeakOptions): LeakOptions {
  const { within = 0, ignore } = checkOptions(options);
  checkDuration("within", within);
  if (ignore !== undefined) checkFunction("ignore", ignore);
  return options;
}

/** Who made a task, and where. */
interface Origin {
  readonly by: TaskRecord | undefined;
  readonly scope: ScopeRegion | undefined;
  readonly site: Site;
}

class Check implements LeakCheck {
  readonly #scheduler: Scheduler = currentScheduler();
  readonly #options: LeakOptions;
  /** What the tasks have that count; all do, if there is none. */
  readonly #mark: object | undefined;
  readonly #origins = new Map<object, Origin>();
  readonly #probe: Disposable;

  constructor(options: LeakOptions, mark: object | undefined) {
    this.#options = options;
    // Without ambient context, tasks of async code inherit nothing.
    this.#mark = platform.hasAmbience ? mark : undefined;
    this.#probe = attachProbe({
      made: (task) => {
        if (task.scheduler === this.#scheduler)
          this.#origins.set(task, { by: currentRecord(), scope: currentScope(), site: captureSite() });
      },
      ended: (task) => void this.#origins.delete(task),
    });
  }

  async leaks(): Promise<LeakedTask[]> {
    const { host } = this.#scheduler;
    const until = host.now() + (this.#options.within ?? 0);
    let left = this.#left();
    for (let turns = 0; left.length > 0 && (turns < TURNS || host.now() < until); turns++) {
      const isPatient = turns >= TURNS;
      await new Promise<void>((resolve) => {
        if (isPatient) host.timer?.(resolve, PAUSE) ?? machineTimer(resolve, PAUSE);
        else host.macrotask(resolve);
      });
      left = this.#left();
    }
    return left;
  }

  #left(): LeakedTask[] {
    const current = currentRecord();
    const { ignore } = this.#options;
    const left: LeakedTask[] = [];
    for (const task of snapshot(this.#scheduler).tasks) {
      const origin = this.#origins.get(task.record);
      if (origin === undefined || task.record === current || !this.#counts(task.record)) continue;
      const leak = leakOf(task, origin);
      if (ignore?.(leak) !== true) left.push(leak);
    }
    return left;
  }

  #counts({ extra }: TaskRecord): boolean {
    return this.#mark === undefined || extra?.locals?.has(this.#mark) === true;
  }

  stop(): void {
    this.#probe[dispose]();
  }

  async [asyncDispose](): Promise<void> {
    const leaks = await this.leaks();
    this.stop();
    if (leaks.length > 0) throw new LeakError(leaks);
  }
}

function currentScope(): ScopeRegion | undefined {
  for (
    let region = currentRegion() as Partial<GeneratorRegion> | undefined;
    region !== undefined;
    region = region.outer
  ) {
    if (region instanceof ScopeRegion) return region;
  }
  return undefined;
}

function leakOf({ id, name, label, daemon, state, waits }: TaskInfo, origin: Origin): LeakedTask {
  const doing = waits.length === 0 ? state : waits.map(({ operation }) => operation).join(", ");
  const site = String(origin.site);
  return { id, name, label, daemon, doing, madeBy: makerOf(origin), site: site === "" ? undefined : site };
}

function makerOf({ by, scope }: Origin): string {
  const task = by === undefined ? "code outside of tasks" : `${by.label}${by.finished ? ", which has ended" : ""}`;
  return scope?.isOpen === true ? `${task}, in a scope that has ended` : task;
}
