/**
 * Ticks at a steady period, and what becomes of those that nobody was there for.
 *
 * # Algorithm
 *
 * An interval knows when its next tick is due. Asking for it then or later gets it at once, asking before waits. A tick is missed if it is taken
 * more than {@link LATE} after it was due; the behaviour then says when the one after it is due:
 *
 *     expected  |     1     |     2     |     3     |     4     |     5     |     6     |
 *     burst     | work -----|          delay          | work | work | work -| work -----|    due + period
 *     delay     | work -----|          delay          | work -----| work -----| work ---     now + period
 *     skip      | work -----|          delay          | work ---| work -----| work -----|    the next multiple of the period
 *
 * There is no timer unless somebody waits, so an interval that is dropped costs nothing.
 *
 * @module
 */

import { ClosedError, checkDuration, checkOptions, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { currentScheduler } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Pending } from "../kernel/step.ts";
import { TimedQueue, TimedRequest } from "../kernel/timed-queue.ts";

/** How late a tick may be taken without having been missed, in milliseconds: timers are no more exact than that. */
const LATE = 5;

/**
 * What happens after a tick was missed, taken more than 5 ms late:
 *
 * - `"burst"`: the ticks that were missed come at once, one after the other, until the interval has caught up;
 * - `"delay"`: the next tick comes a whole period after the late one was taken, and the others follow from there;
 * - `"skip"`: the ticks that were missed are left out; the next comes at a multiple of the period from the start.
 */
export type MissedTicks = "burst" | "delay" | "skip";

export interface IntervalOptions {
  /** `"burst"` unless given. */
  readonly missed?: MissedTicks | undefined;
  /** When the first tick is due, in milliseconds from now; 0, at once, unless given. */
  readonly first?: number | undefined;
}

/**
 * Ticks every `ms` milliseconds, the first time at once. The time that is spent between two ticks counts: unlike with a `sleep` in a loop, the period stays
 * the same however long the work takes.
 *
 * @example
 * ```ts
 * let ticks = 0;
 * for await (const _ of interval(2)) if (++ticks === 3) break;
 * console.log(ticks); // 3
 * ```
 *
 * @throws {RangeError} if `ms` is not positive, or `first` is negative.
 * @throws {TypeError} if `options` is no object, or `missed` none of the three.
 */
export function interval(ms: number, options: IntervalOptions = {}): Interval {
  if (checkDuration("ms", ms) === 0) throw new RangeError("ms must be more than 0 milliseconds, not 0");
  const { missed = "burst", first = 0 } = checkOptions(options);
  if (missed !== "burst" && missed !== "delay" && missed !== "skip") {
    throw wrongType("missed", '"burst", "delay" or "skip"', missed);
  }
  return new Interval(new Schedule(currentScheduler(), ms, missed, checkDuration("first", first)));
}

/** Made by {@link interval}. */
export class Interval implements AsyncIterable<number>, Disposable {
  readonly #schedule: Schedule;
  readonly #tick: Operation<number>;

  /** @internal */
  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#tick = new Tick(schedule);
  }

  /** @internal */
  static ticking(interval: Interval): Operation<number> {
    if (!(interval instanceof Interval)) throw wrongType("interval", "an Interval", interval);
    return interval.#tick;
  }

  /**
   * Waits for the next tick. The result is the time it was due at, on the clock of `performance.now()`. Several that wait get a tick each.
   *
   * Cancel-safe: a cancelled call has taken no tick.
   *
   * @throws {ClosedError} once the interval is disposed.
   */
  tick(options?: WaitOptions): Promise<number> {
    return start(this.#tick, options);
  }

  /**
   * Makes the next tick come in `ms` milliseconds from now, a period unless given, and the others follow from there.
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   */
  reset(ms: number = this.period): void {
    this.#schedule.reset(checkDuration("ms", ms));
  }

  /** Milliseconds from tick to tick. */
  get period(): number {
    return this.#schedule.period;
  }

  /**
   * Waits for one tick after the other, until the interval is disposed. Leaving the loop early loses no tick.
   *
   * Cancel-safe: as {@link tick}.
   */
  [Symbol.asyncIterator](): AsyncIterator<number, undefined> {
    return { next: () => this.tick().then((value) => ({ done: false as const, value }), endIfClosed) };
  }

  /** Ends it: whoever waits for a tick, or will, gets `ClosedError`, and iteration is done. */
  [dispose](): void {
    this.#schedule.close();
  }
}

function endIfClosed(error: unknown): IteratorReturnResult<undefined> {
  if (error instanceof ClosedError) return { done: true, value: undefined };
  throw error;
}

/**
 * Waits for the next tick, as an operation: what {@link Interval.tick} does.
 *
 * Cancel-safe: a cancelled call has taken no tick.
 *
 * @example
 * ```ts
 * const beat = interval(1000);
 * const stop = new CancellationToken();
 * const won = await select({ beat: tick(beat), stop: cancelled(stop) });
 * console.log(won.key); // beat
 * ```
 *
 * @throws {ClosedError} once the interval is disposed.
 */
export function tick(interval: Interval, options?: WaitOptions): Operation<number> {
  return withOptions(Interval.ticking(interval), options);
}

class Schedule extends TimedQueue<number> {
  readonly period: number;
  readonly #missed: MissedTicks;
  #next: number;
  #closed = false;

  constructor(scheduler: Scheduler, period: number, missed: MissedTicks, first: number) {
    super(scheduler);
    this.period = period;
    this.#missed = missed;
    this.#next = scheduler.host.now() + first;
  }

  override take(request: TimedRequest<number>): number | Pending {
    if (this.#closed) throw new ClosedError("interval");
    return super.take(request);
  }

  protected override dueAt(): number {
    return this.#next;
  }

  protected override serve(_request: TimedRequest<number>, now: number): number {
    const due = this.#next;
    this.#next = this.#after(due, now);
    return due;
  }

  /** When the tick is due that follows the one that was due at `due` and is taken `now`. */
  #after(due: number, now: number): number {
    const { period } = this;
    if (now <= due + LATE || this.#missed === "burst") return due + period;
    return this.#missed === "delay" ? now + period : now + period - ((now - due) % period);
  }

  reset(ms: number): void {
    this.#next = this.scheduler.host.now() + ms;
    this.update();
  }

  close(): void {
    this.#closed = true;
    if (this.waiters.head !== undefined) this.failAll(new ClosedError("interval"));
  }
}

class Tick extends TimedRequest<number> {
  protected override readonly queue: Schedule;

  constructor(queue: Schedule) {
    super();
    this.queue = queue;
  }

  override describe(): string {
    return `tick of interval(${this.queue.period} ms)`;
  }
}
