/**
 * Looking for tasks that can never go on while the rest of the program can.
 *
 * @module
 */
import { program } from "#platform";
import { checkDuration, checkFunction, checkOptions } from "../errors.ts";
import { currentScheduler } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import { type HostTimer, MAX_TIMER, machineTimer } from "../kernel/host.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { trackEnds } from "./ends.ts";
import { type Deadlock, deadlocksIn } from "./findings.ts";
import { snapshot } from "./model.ts";

export interface FindOptions {
  /**
   * Whether to have the memory collected first, so that receivers are found whose senders were forgotten: those of channels made while {@link trackEnds} was
   * on. It stops the process for as long as a full collection takes, and has no effect where the runtime offers none.
   */
  readonly collect?: boolean | undefined;
}

/**
 * Finds the tasks that can never go on, though the program can: cycles among tasks that hold what others of them wait for, or join each other; waits for what a task
 * had that has ended; and, with `collect`, receivers to whom nobody can send.
 *
 * It looks when all that is ready has run. Tasks that wait for what anybody could do are never among those found: daemons, servers, whatever receives from a
 * channel, sleeps, has a deadline or a signal, or awaits something foreign.
 *
 * Cancel-safe: nothing is changed; it goes on to its own end.
 *
 * @example
 * ```ts
 * import { findDeadlocks } from "gokio/diagnostics";
 *
 * const [a, b] = [new Mutex(0, { name: "a" }), new Mutex(0, { name: "b" })];
 * const both = (first: Mutex<number>, second: Mutex<number>) =>
 *   function* () {
 *     yield* holding(lock(first), function* () {
 *       yield* yieldNow();
 *       yield* holding(lock(second), function* () {});
 *     });
 *   };
 * const tasks = [spawn(both(a, b), { name: "ab" }), spawn(both(b, a), { name: "ba" })];
 * const [found] = await findDeadlocks();
 * console.log(found?.kind, found?.tasks.map((task) => `${task.name}: ${task.operation}`));
 * // cycle [ 'ab: lock on mutex("b")', 'ba: lock on mutex("a")' ]
 * for (const task of tasks) task.abort();
 * ```
 */
export async function findDeadlocks(options: FindOptions = {}): Promise<Deadlock[]> {
  const { collect = false } = checkOptions(options);
  return await look(currentScheduler(), collect);
}

async function look(scheduler: Scheduler, collect: boolean): Promise<Deadlock[]> {
  const turn = (): Promise<void> => new Promise((resolve) => scheduler.host.macrotask(resolve));
  await turn();
  if (collect) {
    await program.collect();
    // What a collection finds may itself have held something: ends of ends.
    await turn();
    await program.collect();
    await turn();
  }
  return deadlocksIn(snapshot(scheduler));
}

export interface WatchDeadlocksOptions extends FindOptions {
  /** How often to look, in milliseconds: 10 seconds unless given. */
  readonly every?: number | undefined;
  /** What is done with each, instead of writing it to the standard error stream. */
  readonly onFound?: ((deadlock: Deadlock) => void) | undefined;
}

/**
 * Looks for deadlocks in the background, as {@link findDeadlocks} does. Each is told once: when it has been found twice in a row. The watch does not keep the
 * process alive. Dispose the result to stop.
 *
 * @example
 * ```ts
 * import { watchDeadlocks } from "gokio/diagnostics";
 *
 * const watching = watchDeadlocks({ every: 60_000, onFound: (deadlock) => console.error(String(deadlock)) });
 * watching[Symbol.dispose]();
 * ```
 *
 * @throws {RangeError} unless `every` is a time of more than 0.
 * @throws {TypeError} if `onFound` is no function.
 */
export function watchDeadlocks(options: WatchDeadlocksOptions = {}): Disposable {
  const { every = 10_000, onFound = print, collect = false } = checkOptions(options);
  checkFunction("onFound", onFound);
  if (checkDuration("every", every) === 0) throw new RangeError("every must be more than 0 milliseconds");
  return new Watch(currentScheduler(), Math.min(every, MAX_TIMER), onFound, collect);
}

function print(deadlock: Deadlock): void {
  program.complain(`gokio: ${deadlock}\n`);
}

class Watch implements Disposable {
  readonly #scheduler: Scheduler;
  readonly #every: number;
  readonly #onFound: (deadlock: Deadlock) => void;
  readonly #collect: boolean;
  readonly #tracking: Disposable | undefined;
  #timer: HostTimer | undefined;
  #isOver = false;
  /** What was found last time, and whether it was told. */
  #last = new Map<string, boolean>();

  constructor(scheduler: Scheduler, every: number, onFound: (deadlock: Deadlock) => void, collect: boolean) {
    this.#scheduler = scheduler;
    this.#every = every;
    this.#onFound = onFound;
    this.#collect = collect;
    this.#tracking = collect ? trackEnds() : undefined;
    this.#arm();
  }

  #arm(): void {
    const { host } = this.#scheduler;
    const check = (): void => void this.#check();
    this.#timer = host.timer?.(check, this.#every) ?? machineTimer(check, this.#every);
    this.#timer.hold(false);
  }

  async #check(): Promise<void> {
    const found = await look(this.#scheduler, this.#collect);
    if (this.#isOver) return;
    // First: what is told may stop the watch.
    this.#arm();
    const last = this.#last;
    this.#last = new Map();
    for (const each of found) {
      const key = keyOf(each);
      this.#last.set(key, last.has(key));
    }
    for (const each of found) if (last.get(keyOf(each)) === false) this.#onFound(each);
  }

  [dispose](): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#tracking?.[dispose]();
  }
}

function keyOf({ kind, tasks }: Deadlock): string {
  return `${kind} ${tasks.map(({ id, operation }) => `${id} ${operation}`).join(", ")}`;
}
