/**
 * Nested calls that do not deepen the stack: recursion as deep as memory allows, in both flavours.
 *
 * @module
 */
import { checkFunction } from "../errors.ts";
import { currentRegion } from "../kernel/current.ts";
import { Call } from "../kernel/frame.ts";
import type { Leaving, Parked } from "../kernel/step.ts";
import type { Outcome } from "./body.ts";
import { settle } from "./child.ts";
import { runBody } from "./run-body.ts";

/** A call that has not been made yet: `yield*` it in a generator task, `await` it in async code. */
export interface LazyCall<T> extends PromiseLike<Awaited<T>> {
  /** `yield*` makes the call, on the stack of the task. */
  [Symbol.iterator](): Iterator<Parked | Leaving<never>, T, unknown>;
}

/**
 * Calls a generator function on top of the task's own stack, which the scheduler keeps: resuming costs the same at any depth, and a recursion a
 * million deep works. Awaited, it calls an async function from an empty stack, to the same end.
 *
 * A plain nested `yield*` works too, and is faster for a few levels; resuming through it costs a step for each. But do not run a helper that way whose
 * `finally` waits: when the task is aborted, or its region cancelled, the language hands the return down to the helper and forgets it at the first
 * `yield` in that `finally`, and the code after the helper goes on as if nothing had been cancelled. Run such a helper with `call`, or write it with
 * {@link use} or {@link defer}.
 *
 * Cancel-safe: as what is called.
 *
 * @example
 * ```ts
 * function* depth(n: number): Task<number> {
 *   return n === 0 ? 0 : 1 + (yield* call(depth, n - 1));
 * }
 * console.log(await spawn(() => depth(100_000))); // 100000
 * ```
 */
export function call<A extends readonly unknown[], R>(body: (...args: A) => R, ...args: A): LazyCall<Outcome<R>> {
  checkFunction("body", body);
  return new FunctionCall(body as (...args: readonly unknown[]) => unknown, args) as LazyCall<unknown> as LazyCall<
    Outcome<R>
  >;
}

class FunctionCall extends Call<unknown> {
  readonly #call: () => unknown;

  constructor(body: (...args: readonly unknown[]) => unknown, args: readonly unknown[]) {
    super(() => runBody(body, ...args));
    this.#call = () => body(...args);
  }

  then<A, B>(fulfilled?: ((value: unknown) => A) | null, rejected?: ((reason: unknown) => B) | null): Promise<A | B> {
    const region = currentRegion();
    return Promise.resolve()
      .then(() => settle(region, this.#call()))
      .then(fulfilled, rejected) as Promise<A | B>;
  }
}
