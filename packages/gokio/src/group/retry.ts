/**
 * Trying again what failed, with a growing pause in between.
 *
 * @module
 */
import { signalOf } from "../cancel/abort-signal.ts";
import { checkFunction } from "../errors.ts";
import { type Signal, sourceOf } from "../kernel/abortable.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import type { OnRejected, Operation } from "../kernel/operation.ts";
import type { Region } from "../kernel/region.ts";
import type { Parked } from "../kernel/step.ts";
import { Block, type BlockSelf } from "../task/block.ts";
import type { CheckBody, Outcome, Task } from "../task/body.ts";
import type { LazyCall } from "../task/call.ts";
import { TaskRegion } from "../task/region.ts";
import { SignalRegion } from "../task/signal-region.ts";
import { sleep } from "../time/sleep.ts";
import { type Attempting, Policy } from "./backoff.ts";

export interface RetryOptions extends Attempting {
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
 * @throws {TypeError} at the call, if `body` or `retryIf` is not a function, or the options are no object.
 * @throws {RangeError} at the call, if a number is out of its range.
 */
export function retry<R>(body: RetryBody<R>, options: RetryOptions = {}): LazyCall<RetryOutcome<R>> {
  const policy = new Policy(options);
  const source = options.signal === undefined ? undefined : sourceOf(options.signal);
  return new Retry(checkFunction("body", body), policy, source) as Retry<unknown> as Retry<RetryOutcome<R>>;
}

type AnyRetryBody = (attempt: number, self: BlockSelf) => unknown;

/** The loop is written once for each flavour: an async one keeps the caller's async context, a generator one is unwound. */
class Retry<T> implements LazyCall<T> {
  readonly #body: AnyRetryBody;
  readonly #policy: Policy;
  readonly #source: CancelSource | undefined;

  constructor(body: AnyRetryBody, policy: Policy, source: CancelSource | undefined) {
    this.#body = body;
    this.#policy = policy;
    this.#source = source;
  }

  then<A = Awaited<T>, B = never>(
    fulfilled?: ((value: Awaited<T>) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    return new Attempts<T>(this.#source, (region) => this.#loop(region)).then(fulfilled, rejected);
  }

  [Symbol.iterator](): Iterator<Parked, T, unknown> {
    return new Attempts<T>(this.#source, (region) => this.#generatorLoop(region))[Symbol.iterator]();
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
  readonly #source: CancelSource | undefined;
  readonly #loop: (region: TaskRegion) => unknown;

  constructor(source: CancelSource | undefined, loop: (region: TaskRegion) => unknown) {
    super();
    this.#source = source;
    this.#loop = loop;
  }

  protected override open(outer: Region): TaskRegion {
    const source = this.#source;
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
