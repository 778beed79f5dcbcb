/**
 * Trying again what failed, with a growing pause in between.
 *
 * @module
 */
import { signalOf } from "../cancel/abort-signal.ts";
import { checkCount, checkDuration, checkFunction, show } from "../errors.ts";
import { type Signal, sourceOf } from "../kernel/abortable.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import { currentScheduler } from "../kernel/current.ts";
import type { OnRejected, Operation } from "../kernel/operation.ts";
import type { Region } from "../kernel/region.ts";
import type { Parked } from "../kernel/step.ts";
import { Block, type BlockSelf } from "../task/block.ts";
import type { CheckBody, Outcome, Task } from "../task/body.ts";
import type { LazyCall } from "../task/call.ts";
import { TaskRegion } from "../task/region.ts";
import { SignalRegion } from "../task/signal-region.ts";
import { sleep } from "../time/sleep.ts";

/** How long to wait before the next attempt. */
export interface Backoff {
  /** The first pause, in milliseconds; 100 by default. */
  readonly base?: number | undefined;
  /** What each pause is multiplied by for the next; 2 by default. */
  readonly factor?: number | undefined;
  /** The longest pause, in milliseconds; 30,000 by default. */
  readonly max?: number | undefined;
  /** How much of a pause is left to chance, from 0, the default, to 1: then anything from nothing to the whole pause. */
  readonly jitter?: number | undefined;
}

export interface RetryOptions {
  /** How often to try, the first time included; 3 by default, `Infinity` for no end. */
  readonly attempts?: number | undefined;
  /** How long to pause between the attempts; 100 ms, 200 ms, 400 ms and so on by default. */
  readonly backoff?: Backoff | undefined;
  /** Whether to try again after this error; by default after each. */
  readonly retryIf?: ((error: unknown, attempt: number) => boolean) | undefined;
  /** Cancels the attempt or the pause. */
  readonly signal?: Signal | undefined;
}

/** Makes one attempt; the first is number 1. It may be a body in either flavour, or return an operation. */
export type RetryBody<R> = ((attempt: number, self: BlockSelf) => R) & CheckBody<R>;
export type RetryOutcome<R> = R extends Operation<infer T> ? Awaited<T> : Outcome<R>;

/**
 * Calls `body` until it succeeds, and pauses between the attempts; what the last one threw is thrown. A cancelled attempt is not repeated.
 *
 * Cancel-safe: as the body is.
 *
 * @example
 * ```ts
 * const answer = await retry(
 *   async (attempt) => {
 *     if (attempt < 3) throw new Error("busy");
 *     return `done at attempt ${attempt}`;
 *   },
 *   { attempts: 5, backoff: { base: 1 } },
 * );
 * console.log(answer); // done at attempt 3
 * ```
 *
 * @throws {TypeError} at the call, if `body` or `retryIf` is not a function.
 * @throws {RangeError} at the call, if a number is out of its range.
 */
export function retry<R>(body: RetryBody<R>, options: RetryOptions = {}): LazyCall<RetryOutcome<R>> {
  return new Retry(checkFunction("body", body), new Policy(options)) as Retry<unknown> as Retry<RetryOutcome<R>>;
}

type AnyRetryBody = (attempt: number, self: BlockSelf) => unknown;

class Policy {
  readonly source: CancelSource | undefined;
  readonly #attempts: number;
  readonly #base: number;
  readonly #factor: number;
  readonly #max: number;
  readonly #jitter: number;
  readonly #retryIf: ((error: unknown, attempt: number) => boolean) | undefined;

  constructor({ attempts = 3, backoff = {}, retryIf, signal }: RetryOptions) {
    const { base = 100, factor = 2, max = 30_000, jitter = 0 } = backoff;
    this.#attempts = attempts === Number.POSITIVE_INFINITY ? attempts : checkCount("attempts", attempts, { min: 1 });
    this.#base = checkDuration("base", base);
    this.#factor = checkNumber("factor", factor, 1, Number.MAX_VALUE);
    this.#max = checkDuration("max", max);
    this.#jitter = checkNumber("jitter", jitter, 0, 1);
    this.#retryIf = retryIf === undefined ? undefined : checkFunction("retryIf", retryIf);
    this.source = signal === undefined ? undefined : sourceOf(signal);
  }

  /** How long to pause after the failure of `attempt`, in milliseconds. @throws `error`, if it is not to be tried again. */
  pause(error: unknown, attempt: number): number {
    if (attempt >= this.#attempts) throw error;
    if (this.#retryIf !== undefined && !this.#retryIf(error, attempt)) throw error;
    const whole = Math.min(this.#base * this.#factor ** (attempt - 1), this.#max);
    return whole * (1 - this.#jitter * (currentScheduler().host.random() / 2 ** 32));
  }
}

function checkNumber(name: string, value: number, min: number, max: number): number {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number, not ${show(value)}`);
  const range = max === Number.MAX_VALUE ? `at least ${min}` : `from ${min} to ${max}`;
  if (!(value >= min && value <= max)) throw new RangeError(`${name} must be ${range}, not ${show(value)}`);
  return value;
}

/** The loop is written once for each flavour: an async one keeps the caller's async context, a generator one is unwound. */
class Retry<T> implements LazyCall<T> {
  readonly #body: AnyRetryBody;
  readonly #policy: Policy;

  constructor(body: AnyRetryBody, policy: Policy) {
    this.#body = body;
    this.#policy = policy;
  }

  then<A = Awaited<T>, B = never>(
    fulfilled?: ((value: Awaited<T>) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    return new Attempts<T>(this.#policy, (region) => this.#loop(region)).then(fulfilled, rejected);
  }

  [Symbol.iterator](): Iterator<Parked, T, unknown> {
    return new Attempts<T>(this.#policy, (region) => this.#generatorLoop(region))[Symbol.iterator]();
  }

  async #loop(region: TaskRegion): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await new Attempt(region, (self) => this.#body(attempt, self));
      } catch (error) {
        if (region.cancellation !== undefined) throw error;
        await sleep(this.#policy.pause(error, attempt), { signal: region });
      }
    }
  }

  *#generatorLoop(region: TaskRegion): Task<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return yield* new Attempt(region, (self) => this.#body(attempt, self));
      } catch (error) {
        if (region.cancellation !== undefined) throw error;
        yield* sleep(this.#policy.pause(error, attempt));
      }
    }
  }
}

/** All attempts. */
class Attempts<T> extends Block<T> {
  readonly #policy: Policy;
  readonly #loop: (region: TaskRegion) => unknown;

  constructor(policy: Policy, loop: (region: TaskRegion) => unknown) {
    super();
    this.#policy = policy;
    this.#loop = loop;
  }

  protected override open(outer: Region): TaskRegion {
    const { source } = this.#policy;
    return source === undefined ? TaskRegion.inside(outer) : new SignalRegion(outer, source, outer.locals);
  }

  protected override body(region: TaskRegion): unknown {
    return this.#loop(region);
  }
}

/** One attempt, of whatever flavour. */
class Attempt extends Block<unknown> {
  readonly #around: TaskRegion;
  readonly #body: (self: BlockSelf) => unknown;

  constructor(around: TaskRegion, body: (self: BlockSelf) => unknown) {
    super();
    this.#around = around;
    this.#body = body;
  }

  // Not inside the caller's: where there is no ambient context, that would be the root.
  protected override open(): TaskRegion {
    return TaskRegion.inside(this.#around);
  }

  protected override body(region: TaskRegion): unknown {
    return this.#body({
      get signal() {
        return signalOf(region);
      },
    });
  }
}
