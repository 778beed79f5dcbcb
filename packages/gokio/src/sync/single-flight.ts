/**
 * SingleFlight: of the calls for one key that overlap, one does the work, and all share what comes of it.
 *
 * # Algorithm
 *
 * After Go's x/sync `singleflight`. A flight is a task that does the work, and the waiters that share it; a map finds the flight of a key while it
 * lasts. It belongs to all its callers alike: the work is cancelled only when the last of them has left.
 *
 *     do(key) ──▶ flights.get(key) ── there ──▶ join: waiters ◀── task ends: all get its value, or its error
 *                                  └─ none ───▶ spawn, join
 *
 * 1. A flight on the map has a waiter, and its task has not ended.
 * 2. A flight that nobody waits for any more is aborted, and off the map: the next call starts another.
 *
 * @module
 */
import { checkFunction, MisuseError, show, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { type Surroundings, surroundings } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { failAll, wakeAll } from "../kernel/wake-all.ts";
import type { AnyBody } from "../task/body.ts";
import { JoinHandle } from "../task/join-handle.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskGroup, TaskRecord } from "../task/task.ts";
import { reportError } from "../task/unjoined.ts";
import { failureOf, type Initializer } from "./once-cell.ts";

/**
 * Shares the work of calls that ask for the same at the same time.
 *
 * @example
 * ```ts
 * const users = new SingleFlight<number, string>();
 * let queries = 0;
 * const query = async () => `user ${++queries}`;
 * console.log(await Promise.all([users.do(7, query), users.do(7, query)])); // [ 'user 1', 'user 1' ]
 * console.log(await users.do(7, query)); // user 2
 * ```
 */
export class SingleFlight<K, V> {
  readonly #core = new Core<K, V>();

  /** @internal */
  static core<K, V>(flights: SingleFlight<K, V>): Core<K, V> {
    if (!(flights instanceof SingleFlight)) throw wrongType("flights", "a SingleFlight", flights);
    return flights.#core;
  }

  /**
   * Gives the result of the work under way for `key`, or runs `work` if there is none, as a task of its own with the task-locals of the
   * caller. Keys are compared as a Map does. Nothing is kept once the work is through.
   *
   * Cancel-safe: the work goes on for the other callers; it is aborted when the last one has left.
   *
   * @throws what the work throws, to every caller.
   */
  do<R>(key: K, work: Initializer<R, V>, options?: WaitOptions): Promise<Awaited<V>> {
    return start(this.#core.sharing(key, work as AnyBody), options);
  }

  /** Lets the next call for `key` do the work anew; callers that wait keep waiting. `false` if there is no work under way. */
  forget(key: K): boolean {
    return this.#core.flights.delete(key);
  }

  /** How many keys have work under way. */
  get size(): number {
    return this.#core.flights.size;
  }
}

/**
 * Shares the work for a key, as an operation: what {@link SingleFlight.do} does.
 *
 * Cancel-safe: the work goes on for the other callers; it is aborted when the last one has left.
 *
 * @example
 * ```ts
 * const pages = new SingleFlight<string, number>();
 * const size = function* () {
 *   yield* sleep(1);
 *   return 1024;
 * };
 * const won = await select({ page: share(pages, "/", size), late: sleep(1000) });
 * console.log(won.key, won.value); // page 1024
 * ```
 *
 * @throws what the work throws, to every caller.
 */
export function share<K, V, R>(
  flights: SingleFlight<K, V>,
  key: NoInfer<K>,
  work: Initializer<R, V>,
  options?: WaitOptions,
): Operation<V> {
  return withOptions(SingleFlight.core(flights).sharing(key, work as AnyBody), options);
}

class Core<K, V> {
  readonly flights = new Map<K, Flight<K, V>>();
  /** Flights that lost a waiter, perhaps their last, and have not been looked at. */
  #left: Flight<K, V>[] = [];

  sharing(key: K, work: AnyBody): Operation<V> {
    return new Share(this, key, checkFunction("work", work), surroundings());
  }

  board(share: Share<K, V>, daemon: boolean): Flight<K, V> {
    const { key } = share;
    let flight = this.flights.get(key);
    if (flight === undefined) {
      flight = new Flight(this, share, daemon);
      this.flights.set(key, flight);
    }
    return flight;
  }

  leave(flight: Flight<K, V>, waiter: Waiter<V>): void {
    flight.waiters.remove(waiter);
    this.#left.push(flight);
  }

  /** The flight of a key is over. */
  forget(flight: Flight<K, V>): void {
    if (this.flights.get(flight.key) === flight) this.flights.delete(flight.key);
  }

  abandon(): void {
    const left = this.#left;
    this.#left = [];
    for (const flight of left) if (flight.waiters.head === undefined) flight.abort();
  }
}

class Flight<K, V> implements TaskGroup {
  readonly key: K;
  readonly waiters = new WaitList<V>();
  readonly #core: Core<K, V>;
  readonly task: TaskRecord;

  /** The task holds the process if the first caller does; of the others, each does so for itself. */
  constructor(core: Core<K, V>, { key, work, within }: Share<K, V>, daemon: boolean) {
    this.#core = core;
    this.key = key;
    this.task = JoinHandle.taskOf(spawnIn(within, work, { name: "single-flight", daemon }, undefined, this));
  }

  abort(): void {
    this.#core.forget(this);
    this.task.abort("every caller left");
  }

  ended(task: TaskRecord): void {
    this.#core.forget(this);
    const outcome = task.settled;
    if (outcome.status === "ok") {
      wakeAll(this.waiters, outcome.value as V);
      return;
    }
    if (outcome.status === "failed" && this.waiters.head === undefined) reportError(outcome.error, task);
    failAll(this.waiters, failureOf(task));
  }
}

class Share<K, V> extends Operation<V> {
  readonly #core: Core<K, V>;
  readonly key: K;
  readonly work: AnyBody;
  readonly within: Surroundings;
  /** The one it boarded last. */
  #flight: Flight<K, V> | undefined = undefined;

  constructor(core: Core<K, V>, key: K, work: AnyBody, within: Surroundings) {
    super();
    this.#core = core;
    this.key = key;
    this.work = work;
    this.within = within;
  }

  override try(): Pending {
    return PENDING;
  }

  override link(waiter: Waiter<V>): void {
    const flight = this.#core.board(this, waiter.daemon);
    if (waiter === (flight.task as unknown)) {
      throw new MisuseError(`this task does the work for ${show(this.key)}, and would wait for itself`);
    }
    waiter.slot = this.#flight = flight;
    flight.waiters.push(waiter);
  }

  override unlink(waiter: Waiter<V>): void {
    this.#core.leave(waiter.slot as Flight<K, V>, waiter);
  }

  override unlinked(): void {
    this.#core.abandon();
  }

  override holders(): Iterable<unknown> | undefined {
    return this.#flight && [this.#flight.task];
  }

  override describe(): string {
    return `single-flight of ${show(this.key)}`;
  }
}
