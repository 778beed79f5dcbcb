/**
 * Running a body while holding something that has to be given back: a lock, a permit.
 *
 * 1. What is held is disposed when the body has ended, in whichever way; a body that is cancelled ends before that, cleanup and all.
 * 2. There is no region of its own around the body: its waits are the caller's.
 *
 * @module
 */
import { checkFunction, JoinAbortedError, MisuseError, show } from "../errors.ts";
import { currentRegion, running } from "../kernel/current.ts";
import { Call } from "../kernel/frame.ts";
import { type OnRejected, Operation } from "../kernel/operation.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import type { Region } from "../kernel/region.ts";
import type { Parked } from "../kernel/step.ts";
import { type CheckBody, isGenerator, isGeneratorFunction, isThenable, type Outcome, type Task } from "../task/body.ts";
import type { LazyCall } from "../task/call.ts";
import { join } from "../task/join-handle.ts";
import { TaskRegion } from "../task/region.ts";
import { shield } from "../task/shield.ts";
import { spawnIn } from "../task/spawn.ts";

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
 * @throws {TypeError} at the call, if `op` is no operation or `body` no function.
 */
export function holding<H extends Disposable, R>(op: Operation<H>, body: HoldingBody<H, R>): LazyCall<Outcome<R>> {
  if (!(op instanceof Operation)) throw new TypeError(`op must be an operation, not ${show(op)}`);
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
    const held = (await startIn(region, this.#op)) as H;
    try {
      const result = this.#body(held);
      return await (isGenerator(result) ? runChild(region, result) : result);
    } finally {
      held[Symbol.dispose]();
    }
  }

  *[Symbol.iterator](): Generator<Parked, unknown, unknown> {
    const task = running;
    if (task === undefined) {
      throw new MisuseError("yield* can hold something only in the generator of a task; elsewhere, await it");
    }
    const held = yield* this.#op;
    try {
      const call = (): unknown => this.#body(held);
      const result = isGeneratorFunction(this.#body) ? call() : task.callForeign(call);
      if (isGenerator(result)) return yield* new Call(() => result);
      if (result instanceof Operation) return yield* result;
      // An async body cannot be unwound: its waits are cancelled with the task, and it is waited for.
      return isThenable(result) ? yield* shield(() => result) : result;
    } finally {
      held[Symbol.dispose]();
    }
  }
}

/** Runs a generator that an async caller's body returned, as a task that is cancelled with the caller; waits for its end. */
async function runChild(region: Region, body: Task<unknown>): Promise<unknown> {
  const child = spawnIn(region, () => body, undefined, region);
  try {
    return await startIn(shielded(region), join(child));
  } catch (error) {
    throw error instanceof JoinAbortedError && region.cancellation !== undefined ? region.cancellation.error : error;
  }
}

/** The region for waits, on behalf of `region`, that its cancellation does not reach. */
function shielded(region: Region): Region {
  // The root is never cancelled, and its waits are listed when they are stuck.
  return region instanceof TaskRegion ? TaskRegion.shield(region) : region;
}

const ignore = (): void => {};

/** A wait that its own region cancelled may go unobserved: see `promise-waiter.ts`. */
export function unobserved<T>(region: Region, promise: Promise<T>): Promise<T> {
  const observed: Promise<T> = promise.then(undefined, (error) => {
    if (region.cancellation !== undefined && error === region.cancellation.error) observed.catch(ignore);
    throw error;
  });
  return observed;
}
