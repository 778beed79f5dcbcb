/**
 * Errors as the second half of a pair: Go's `value, err :=`.
 *
 * @module
 */
import { show, wrongType } from "../errors.ts";
import type { Coroutine } from "../kernel/coroutine.ts";
import { running } from "../kernel/current.ts";
import { Call } from "../kernel/frame.ts";
import { type OnRejected, Operation } from "../kernel/operation.ts";
import { Err, Ok } from "../result.ts";
import { isGenerator, isGeneratorFunction, isThenable, type Outcome, type Task } from "./body.ts";
import { call, type LazyCall } from "./call.ts";
import { watching } from "./foreign.ts";
import { drive, isDrivable } from "./run-body.ts";

/** What came of an attempt that may have given a `T`. A Result is taken apart; everything else that fails, fails with an Error. */
export type Attempted<T> = readonly [value: ValueIn<T>, error: undefined] | Failed<T> | readonly [undefined, Error];
type ValueIn<T> = T extends Ok<infer V> ? V : T extends Err<unknown> ? never : T;
type Failed<T> = T extends Err<infer E> ? readonly [value: undefined, error: E] : never;

type IsAny<T> = 0 extends 1 & T ? true : false;
/** What `attempt` gives for a function that returns an `R`: a pair, or something to wait for that gives one. */
export type AttemptOf<R> =
  IsAny<R> extends true
    ? readonly [value: R, error: undefined] | readonly [value: undefined, error: Error]
    : [R] extends [never]
      ? readonly [value: undefined, error: Error]
      : [R] extends [Generator<unknown, unknown, never> | PromiseLike<unknown>]
        ? LazyCall<Attempted<Outcome<R>>>
        : Attempted<R>;

/**
 * Does something that may fail, and gives `[value, undefined]` or `[undefined, error]`. It never throws for what was attempted.
 *
 * A function is called at once; if it is plain, the pair is there at once. A promise, an operation, an async or a generator function is waited for:
 * with `await`, or with `yield*` in a generator task. A generator's `yield*` on an `Err` ends here, with its error.
 *
 * A value that was thrown and is no Error becomes the cause of one, so that an error can always be told from `undefined`.
 *
 * Cancel-safe: as what is attempted. In async code a cancelled wait is an error like any other, and the next wait fails, too; a generator task is
 * unwound through it.
 *
 * @example
 * ```ts
 * const [value, error] = attempt(() => JSON.parse("{"));
 * console.log(value, error?.name); // undefined SyntaxError
 * const [got] = await attempt(Promise.resolve(1));
 * console.log(got); // 1
 * ```
 *
 * @throws {TypeError} if `work` is neither a function nor something to wait for.
 */
export function attempt<T>(work: PromiseLike<T> & { readonly call?: never }): LazyCall<Attempted<T>>;
export function attempt<R>(work: () => R): AttemptOf<R>;
export function attempt(work: PromiseLike<unknown> | (() => unknown)): unknown {
  if (isThenable(work)) return new Attempt(work, true);
  if (typeof work !== "function") throw wrongType("work", "a function or a promise", work);
  try {
    // Async code has to know whose it is, from its first wait on.
    const result = running === undefined || isGeneratorFunction(work) ? work() : running.callForeign(work);
    return isGenerator(result) || isThenable(result) ? new Attempt(result, false) : succeeded(result);
  } catch (error) {
    return failed(error);
  }
}

type Pair = readonly [unknown, unknown];

class Attempt implements LazyCall<Pair> {
  readonly #work: Task<unknown> | PromiseLike<unknown>;
  readonly #isForeign: boolean;

  /** `isForeign` is work that was under way before, and goes on when the wait for it ends. */
  constructor(work: Task<unknown> | PromiseLike<unknown>, isForeign: boolean) {
    this.#work = work;
    this.#isForeign = isForeign;
    // A promise is watched from now on, or its failure would be reported as nobody's.
    if (work instanceof Promise) watching(work);
  }

  *[Symbol.iterator](): Task<Pair> {
    const work = this.#work;
    try {
      if (work instanceof Operation) return succeeded(yield* work);
      if (this.#isForeign && isThenable(work) && !isDrivable(work)) return succeeded(yield* watching(work));
      return succeeded(yield* new Call(() => drive(running as Coroutine, work)));
    } catch (error) {
      return failed(error);
    }
  }

  then<A = Pair, B = never>(
    fulfilled?: ((pair: Pair) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    return this.#await().then(fulfilled, rejected);
  }

  async #await(): Promise<Pair> {
    const work = this.#work;
    try {
      return succeeded(await (isGenerator(work) ? call(() => work) : work));
    } catch (error) {
      return failed(error);
    }
  }
}

function succeeded(value: unknown): Pair {
  if (value instanceof Ok) return [value.value, undefined];
  if (value instanceof Err) return [undefined, value.error];
  return [value, undefined];
}

function failed(thrown: unknown): Pair {
  const error = thrown instanceof Error ? thrown : new Error(`${show(thrown)} was thrown`, { cause: thrown });
  return [undefined, error];
}
