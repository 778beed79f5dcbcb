/**
 * A limit on how long something may take.
 *
 * @module
 */
import { CancelledError, checkDuration, MisuseError, show, TimeoutError } from "../errors.ts";
import { Deadline } from "../kernel/alarm.ts";
import { currentScheduler } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { RaceOperation } from "../kernel/race.ts";
import type { Region } from "../kernel/region.ts";
import { type Block, type BlockBody, FunctionBlock } from "../task/block.ts";
import type { Outcome } from "../task/body.ts";
import { limitRegion } from "../task/limit.ts";
import { TaskRegion } from "../task/region.ts";
import { msUntil } from "./sleep.ts";

type CannotBeStopped = "a promise cannot be stopped: write timeout(ms, wait(promise)) to abandon it";

/**
 * Gives an operation, or a body, `ms` milliseconds from when it is made; `Infinity` is no limit. Past that, an operation is unlinked and has
 * not happened; a body's waits fail, and the timeout waits for it to end. If that time is over before it is driven, an operation is still
 * tried, and a body not run.
 *
 * A bare promise is refused: it could not be stopped. Write `timeout(ms, wait(promise))` to abandon one.
 *
 * Cancel-safe: as what it limits.
 *
 * @example
 * ```ts
 * const ch = chan<string>();
 * console.log(await timeout(10, recv(ch)).then(String, (error) => error.name)); // TimeoutError
 * ```
 *
 * @throws {CancelledError} whose `name` is `"TimeoutError"`, and whose `cause` is a {@link TimeoutError}, when the time is over.
 * @throws {RangeError} at the call, if `ms` is negative or NaN.
 */
export function timeout<T>(ms: number, op: Operation<T>): Operation<T>;
export function timeout<R>(ms: number, body: BlockBody<R>): Block<Outcome<R>>;
export function timeout(ms: number, promise: PromiseLike<unknown> & CannotBeStopped): never;
export function timeout(ms: number, work: unknown): Operation<unknown> | Block<unknown> {
  checkDuration("ms", ms);
  if (work instanceof Operation) return new Limited(work, ms);
  if (typeof work === "function") return new TimeoutBlock(work as () => unknown, ms);
  throw new MisuseError(`timeout takes an operation or a function, not ${show(work)}: wrap a promise in wait(promise)`);
}

/**
 * Gives an operation, or a body, until a date, or a number of milliseconds since 1970: {@link timeout} with a deadline. A change of the wall clock
 * after the call is not noticed.
 *
 * Cancel-safe: as what it limits.
 *
 * @example
 * ```ts
 * const ch = chan<string>();
 * const soon = new Date(Date.now() + 10);
 * console.log(await timeoutAt(soon, recv(ch)).then(String, (error) => error.name)); // TimeoutError
 * ```
 *
 * @throws {CancelledError} as {@link timeout} does.
 * @throws {RangeError} at the call, if `when` is no point in time.
 */
export function timeoutAt<T>(when: Date | number, op: Operation<T>): Operation<T>;
export function timeoutAt<R>(when: Date | number, body: BlockBody<R>): Block<Outcome<R>>;
export function timeoutAt(when: Date | number, work: unknown): Operation<unknown> | Block<unknown> {
  return timeout(msUntil(when), work as Operation<unknown>);
}

class TimeoutBlock<T> extends FunctionBlock<T> {
  readonly #ms: number;
  readonly #deadline: number;

  constructor(body: (self: never) => unknown, ms: number) {
    super(body as () => unknown);
    this.#ms = ms;
    this.#deadline = currentScheduler().host.now() + ms;
  }

  protected override open(outer: Region): TaskRegion {
    const region = TaskRegion.inside(outer);
    limitRegion(region, this.#ms, this.#deadline);
    return region;
  }
}

class Limited<T> extends RaceOperation<T> {
  override readonly alternatives: readonly [Operation<T>, Operation<void>];
  readonly #ms: number;

  constructor(op: Operation<T>, ms: number) {
    super();
    const scheduler = currentScheduler();
    this.alternatives = [op, new Deadline(scheduler, scheduler.host.now() + ms)];
    this.#ms = ms;
  }

  override won(index: number, value: unknown): T {
    if (index === 0) return value as T;
    throw new CancelledError(new TimeoutError(`it took longer than ${this.#ms} ms`));
  }

  override describe(): string {
    return `${this.alternatives[0].describe()}, for at most ${this.#ms} ms`;
  }
}
