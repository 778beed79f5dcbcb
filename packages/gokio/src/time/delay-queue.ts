/**
 * A queue that values leave when their time has come.
 *
 * # Algorithm
 *
 * The values are in a heap by deadline. Whoever waits for one waits for the earliest; those who wait are served in order of arrival. So a queue of a
 * million values has one timer, and none while nobody waits.
 *
 *     insert, reset, remove ──▶ heap ── earliest, once due ──▶ waiters, oldest first
 *
 * Invariant, between calls: nobody waits, or the earliest deadline lies ahead, or the alarm for it has rung.
 *
 * @module
 */
import { checkDuration, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { currentScheduler } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import { RaceOperation } from "../kernel/race.ts";
import { PENDING } from "../kernel/step.ts";
import { TimedQueue, TimedRequest } from "../kernel/timed-queue.ts";
import { type Dated, DeadlineHeap } from "./deadline-heap.ts";

/**
 * Gives values back when their delay is over, in order of deadline; equal ones in the order set.
 *
 * @example
 * ```ts
 * const sessions = new DelayQueue<string>();
 * sessions.insert("slow", 20);
 * const key = sessions.insert("fast", 10);
 * sessions.insert("gone", 1000);
 * sessions.reset(key, 5);
 * console.log(await sessions.expired(), await sessions.expired(), sessions.size); // fast slow 1
 * ```
 */
export class DelayQueue<T> implements AsyncIterable<T> {
  readonly #delays = new Delays<T>(currentScheduler());
  readonly #expired: Operation<T> = new Expired(this.#delays);

  /** @internal */
  static expiring<T>(queue: DelayQueue<T>): Operation<T> {
    if (!(queue instanceof DelayQueue)) throw wrongType("queue", "a DelayQueue", queue);
    return queue.#expired;
  }

  /**
   * Adds `value`, which leaves in `ms` milliseconds from now; with `Infinity`, only by {@link remove} or after {@link reset}. The result is what
   * these two take.
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   */
  insert(value: T, ms: number): DelayKey<T> {
    const key = new DelayKey(value);
    this.#delays.set(key, checkDuration("ms", ms));
    return key;
  }

  /** Takes a value out before its time: in a box; `undefined` if it has left already. */
  remove(key: DelayKey<T>): { readonly value: T } | undefined {
    return this.#delays.remove(checkKey(key)) ? { value: DelayKey.take(key) } : undefined;
  }

  /**
   * Gives a value `ms` milliseconds from now instead of what it had; `false`, and nothing happens, if it has left already.
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   */
  reset(key: DelayKey<T>, ms: number): boolean {
    checkDuration("ms", ms);
    if (!this.#delays.remove(checkKey(key))) return false;
    this.#delays.set(key, ms);
    return true;
  }

  /**
   * Takes the value with the earliest deadline once that has passed, waiting for it; while the queue is empty, for one to be inserted.
   *
   * Cancel-safe: a cancelled call has taken nothing.
   */
  expired(options?: WaitOptions): Promise<Awaited<T>> {
    return start(this.#expired, options);
  }

  /** Takes a value whose deadline has passed, in a box; `undefined` if there is none. */
  tryExpired(): { readonly value: T } | undefined {
    const value = this.#expired.try();
    return value === PENDING ? undefined : { value };
  }

  /** The value with the earliest deadline, which stays where it is, and in how many milliseconds that is; `undefined` if the queue is empty. */
  peek(): { readonly value: T; readonly ms: number } | undefined {
    return this.#delays.peek();
  }

  /** How many values are in the queue. */
  get size(): number {
    return this.#delays.size;
  }

  /** Takes all values out. Whoever waits goes on waiting. */
  clear(): void {
    this.#delays.clear();
  }

  /**
   * Takes one value after the other, for ever. Leaving the loop loses none.
   *
   * Cancel-safe: as {@link expired}.
   */
  [Symbol.asyncIterator](): AsyncIterator<T, never> {
    const next = new Next(this.#expired);
    return { next: () => start(next) };
  }
}

/**
 * Takes the value with the earliest deadline once that has passed, as an operation: what {@link DelayQueue.expired} does.
 *
 * Cancel-safe: a cancelled call has taken nothing.
 *
 * @example
 * ```ts
 * const retries = new DelayQueue<string>();
 * retries.insert("job 1", 5);
 * const won = await select({ retry: expired(retries), late: sleep(1000) });
 * console.log(won.key, won.value); // retry job 1
 * ```
 */
export function expired<T>(queue: DelayQueue<T>, options?: WaitOptions): Operation<T> {
  return withOptions(DelayQueue.expiring(queue), options);
}

/** Stands for a value in a {@link DelayQueue}. */
export class DelayKey<T> implements Dated {
  #value: T | undefined;
  /** @internal */
  deadline = 0;
  /** @internal */
  order = 0;
  /** @internal */
  place = -1;
  /** @internal */
  home: object | undefined = undefined;

  /** @internal */
  constructor(value: T) {
    this.#value = value;
  }

  /** @internal */
  static look<T>(key: DelayKey<T>): T {
    return key.#value as T;
  }

  /** @internal The value, which the key forgets: it may be kept for long. */
  static take<T>(key: DelayKey<T>): T {
    const value = key.#value as T;
    key.#value = undefined;
    return value;
  }
}

function checkKey<T>(key: DelayKey<T>): DelayKey<T> {
  if (!(key instanceof DelayKey)) throw wrongType("key", "what insert gave", key);
  return key;
}

class Delays<T> extends TimedQueue<T> {
  readonly #heap = new DeadlineHeap<DelayKey<T>>();

  get size(): number {
    return this.#heap.size;
  }

  peek(): { readonly value: T; readonly ms: number } | undefined {
    const { first } = this.#heap;
    return first && { value: DelayKey.look(first), ms: Math.max(0, first.deadline - this.scheduler.host.now()) };
  }

  set(key: DelayKey<T>, ms: number): void {
    key.home = this;
    this.#heap.add(key, this.scheduler.host.now() + ms);
    if (this.#heap.first === key) this.#firstChanged();
  }

  /** `false` if it is not here. */
  remove(key: DelayKey<T>): boolean {
    if (key.home !== this) return false;
    key.home = undefined;
    const wasFirst = this.#heap.first === key;
    this.#heap.remove(key);
    if (wasFirst) this.#firstChanged();
    return true;
  }

  clear(): void {
    for (const key of this.#heap.clear()) {
      key.home = undefined;
      DelayKey.take(key);
    }
    this.#firstChanged();
  }

  #firstChanged(): void {
    if (this.waiters.head !== undefined) this.update();
  }

  protected override dueAt(): number {
    return this.#heap.first?.deadline ?? Number.POSITIVE_INFINITY;
  }

  protected override serve(): T {
    const first = this.#heap.first as DelayKey<T>;
    first.home = undefined;
    this.#heap.remove(first);
    return DelayKey.take(first);
  }
}

class Expired<T> extends TimedRequest<T> {
  protected override readonly queue: Delays<T>;

  constructor(queue: Delays<T>) {
    super();
    this.queue = queue;
  }

  override describe(): string {
    return `expired on delay-queue(${this.queue.size})`;
  }
}

/** Gives the value as iteration has it: in a box, whatever it is. */
class Next<T> extends RaceOperation<IteratorYieldResult<T>> {
  override readonly alternatives: readonly [Operation<T>];

  constructor(expired: Operation<T>) {
    super();
    this.alternatives = [expired];
  }

  override won(_index: number, value: unknown): IteratorYieldResult<T> {
    return { done: false, value: value as T };
  }

  override describe(): string {
    return this.alternatives[0].describe();
  }
}
