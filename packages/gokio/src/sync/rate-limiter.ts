/**
 * A rate limiter: a bucket of tokens that fills at a steady rate.
 *
 * # Algorithm
 *
 * A token bucket, filled when it is looked at and not by a timer. It starts full, holds `burst` tokens, and gains `limit` of them
 * every `per` milliseconds. Requests are served in order of arrival; the head waits until the bucket holds what it wants.
 *
 * The level is counted in tokens × `per`: one millisecond adds `limit`, a token costs `per`. So with whole numbers nothing is ever rounded. And
 * timers ring late: what waited is served as of its due time, or the rate would fall behind a little each time. After more than
 * {@link LATE} it is not, so that a process that was held up does not make up for it in one burst.
 *
 * Invariant: the level is between 0 and burst × per, and is that of the time `#at`.
 *
 * @module
 */
import { checkCount, checkDuration, checkOptions } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { currentScheduler } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { PENDING } from "../kernel/step.ts";
import { TimedQueue, TimedRequest } from "../kernel/timed-queue.ts";
import { type Acquirable, acquiring } from "./acquire.ts";

/** How late a timer may ring, in milliseconds, for what waited to be served as of its due time. */
const LATE = 5;

export interface RateLimiterOptions {
  /** How many tokens are gained every {@link per} milliseconds: a whole number, at least 1. */
  readonly limit: number;
  /** In milliseconds; a second unless given. */
  readonly per?: number | undefined;
  /** How many tokens the bucket holds, and starts with: a whole number, at least 1; `limit` unless given. */
  readonly burst?: number | undefined;
}

/**
 * Lets things happen at most so often: on average `limit` every `per` milliseconds, and never more than `burst` beyond that. (A timer that rings late,
 * by up to 5 ms, does not lower the average: those that follow come that much sooner.)
 *
 * @example
 * ```ts
 * const requests = new RateLimiter({ limit: 2, per: 10 });
 * const from = performance.now();
 * for (let i = 0; i < 4; i++) await requests.acquire();
 * console.log(performance.now() - from >= 9); // true
 * ```
 */
export class RateLimiter implements Acquirable<void> {
  readonly #bucket: Bucket;

  /**
   * @throws {RangeError} if `limit` or `burst` is no whole number of at least 1, or `per` is not positive and finite; or if `burst` × `per`
   * is too large to be counted exactly: 2⁵³ or more.
   */
  constructor(options: RateLimiterOptions) {
    const { limit, per = 1000, burst = limit } = checkOptions(options);
    checkRate(limit, per);
    checkCount("burst", burst, 1);
    this.#bucket = new Bucket(currentScheduler(), limit, checkExact(burst, per), burst);
  }

  /** @internal */
  [acquiring](n: number): Operation<void> {
    checkCount("n", n, 1, this.#bucket.burst);
    return new Acquire(this.#bucket, n);
  }

  /**
   * Takes `n` tokens, waiting in turn until there are that many. Nothing has to be given back.
   *
   * Cancel-safe: a cancelled call has taken nothing and has given up its place; the request behind it may then be served.
   *
   * @throws {RangeError} at the call, unless `n` is a whole number from 1 to {@link burst}: more are never there at once.
   */
  acquire(n = 1, options?: WaitOptions): Promise<void> {
    return start(this[acquiring](n), options);
  }

  /**
   * Takes `n` tokens now, or none: `false` if that would have to wait, if only for its turn.
   *
   * @throws {RangeError} unless `n` is a whole number from 1 to {@link burst}.
   */
  tryAcquire(n = 1): boolean {
    return this[acquiring](n).try() !== PENDING;
  }

  /**
   * Changes the rate to `limit` tokens every `per` milliseconds, a second unless given, from now on. What is in the bucket stays, and so does
   * {@link burst}; whoever waits is served at the new rate.
   *
   * @throws {RangeError} as the constructor does.
   */
  setLimit(limit: number, per = 1000): void {
    checkRate(limit, per);
    this.#bucket.setLimit(limit, checkExact(this.burst, per));
  }

  /** How many whole tokens are in the bucket now. */
  get available(): number {
    return this.#bucket.available;
  }

  /** How many permits it saves up at most. */
  get burst(): number {
    return this.#bucket.burst;
  }
}

function checkRate(limit: number, per: number): void {
  checkCount("limit", limit, 1);
  if (checkDuration("per", per) === 0 || per === Number.POSITIVE_INFINITY) {
    throw new RangeError(`per must be more than 0 milliseconds, and finite, not ${per}`);
  }
}

/** Returns `per` if a full bucket's level can be told from one that is a token short. */
function checkExact(burst: number, per: number): number {
  if (burst * per <= Number.MAX_SAFE_INTEGER) return per;
  throw new RangeError(`burst × per must be less than 2⁵³ to be counted exactly, not ${burst} × ${per}`);
}

class Bucket extends TimedQueue<void> {
  #limit: number;
  #per: number;
  readonly burst: number;
  #level: number;
  #at: number;

  constructor(scheduler: Scheduler, limit: number, per: number, burst: number) {
    super(scheduler);
    this.#limit = limit;
    this.#per = per;
    this.burst = burst;
    this.#level = burst * per;
    this.#at = scheduler.host.now();
  }

  get available(): number {
    return Math.floor(this.#levelAt(this.scheduler.host.now()) / this.#per);
  }

  describe(): string {
    return `rate-limiter(${this.#limit} per ${this.#per} ms)`;
  }

  setLimit(limit: number, per: number): void {
    const now = this.scheduler.host.now();
    // In tokens the level stays the same; never above the brim, by rounding.
    this.#level = Math.min(this.burst * per, (this.#levelAt(now) / this.#per) * per);
    this.#at = now;
    this.#limit = limit;
    this.#per = per;
    this.update(now);
  }

  #levelAt(now: number): number {
    return Math.min(this.burst * this.#per, this.#level + (now - this.#at) * this.#limit);
  }

  protected override dueAt(op: TimedRequest<void>): number {
    const missing = (op as Acquire).n * this.#per - this.#level;
    return missing <= 0 ? this.#at : this.#at + missing / this.#limit;
  }

  protected override serve(op: TimedRequest<void>, now: number, due: number): void {
    const at = Math.max(due, now - LATE);
    // Never below 0: at its due time, computed with fractions, a level may be a rounding error short.
    this.#level = Math.max(0, this.#levelAt(at) - (op as Acquire).n * this.#per);
    this.#at = at;
  }
}

class Acquire extends TimedRequest<void> {
  protected override readonly queue: Bucket;
  readonly n: number;

  constructor(queue: Bucket, n: number) {
    super();
    this.queue = queue;
    this.n = n;
  }

  override describe(): string {
    return `acquire(${this.n}) on ${this.queue.describe()}`;
  }
}
