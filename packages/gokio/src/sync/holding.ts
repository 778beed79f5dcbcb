/**
 * Running a body while holding something that has to be given back: a lock, a permit.
 *
 * 1. What is held is disposed when the body has ended, in whichever way; a body that is cancelled ends before that, cleanup and all.
 * 2. There is no region of its own around the body: its waits are the caller's.
 *
 * @module
 */

import { platform } from "#platform";
import { checkFunction, MisuseError, show, wrongType } from "../errors.ts";
import { currentRegion, running } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import { Call } from "../kernel/frame.ts";
import { type OnRejected, Operation } from "../kernel/operation.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import type { Region } from "../kernel/region.ts";
import type { Parked } from "../kernel/step.ts";
import type { CheckBody, Outcome } from "../task/body.ts";
import type { LazyCall } from "../task/call.ts";
import { settle } from "../task/child.ts";
import { runBody } from "../task/run-body.ts";
import { unobserved } from "../task/unobserved.ts";

/** A body that is given what is held: an async function, a generator function or a plain one. */
export type HoldingBody<H, R> = ((held: H) => R) & CheckBody<R>;

/**
 * Waits for `op`, runs `body` with what it gave, and disposes that when the body has ended. It is what the `with` methods do, for
 * generator tasks; await it elsewhere.
 *
 * Cancel-safe: while it waits, as `op`. Later the body is cancelled, and what is held is given back when it has ended.
 *
 * @example
 * ```ts
 * const balance = new Mutex(10);
 * const task = spawn(function* () {
 *   return yield* holding(lock(balance), function* (guard) {
 *     yield* sleep(1);
 *     return (guard.value += 5);
 *   });
 * });
 * console.log(await task); // 15
 * ```
 *
 * @throws {TypeError} at the call, if `op` is no operation or `body` no function; later, if what `op` gave cannot be disposed.
 */
export function holding<H extends Disposable, R>(op: Operation<H>, body: HoldingBody<H, R>): LazyCall<Outcome<R>> {
  if (!(op instanceof Operation)) throw wrongType("op", "an operation", op);
  return new Holding<H>(op, checkFunction("body", body)) as LazyCall<unknown> as LazyCall<Outcome<R>>;
}

/** {@link holding}, started now: what the `with` methods are. */
export function startHolding<H extends Disposable, R>(
  op: Operation<H>,
  body: HoldingBody<H, R>,
): Promise<Awaited<Outcome<R>>> {
  const region = currentRegion();
  const promise = new Holding<H>(op, checkFunction("body", body)).run(region);
  return unobserved(region, promise) as Promise<Awaited<Outcome<R>>>;
}

class Holding<H extends Disposable> implements LazyCall<unknown> {
  readonly #op: Operation<H>;
  readonly #body: (held: H) => unknown;

  constructor(op: Operation<H>, body: (held: H) => unknown) {
    this.#op = op;
    this.#body = body;
  }

  then<A = unknown, B = never>(
    fulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    return this.run(currentRegion()).then(fulfilled, rejected);
  }

  async run(region: Region): Promise<unknown> {
    const held = checkHeld((await startIn(region, this.#op)) as H);
    try {
      // The caller may be a generator task, whose region is not ambient.
      return await platform.enter(region, () => settle(region, this.#body(held)));
    } finally {
      held[dispose]();
    }
  }

  *[Symbol.iterator](): Generator<Parked, unknown, unknown> {
    if (running === undefined) {
      throw new MisuseError("yield* can hold something only in the generator of a task; elsewhere, await it");
    }
    const held = checkHeld(yield* this.#op);
    try {
      return yield* new Call(() => runBody(this.#body, held));
    } finally {
      held[dispose]();
    }
  }
}

function checkHeld<H extends Disposable>(held: H): H {
  if (typeof held?.[dispose] === "function") return held;
  throw new TypeError(`op must give something disposable, such as a guard, not ${show(held)}`);
}
