/**
 * `await using`, for generators, and for runtimes without it.
 *
 * @module
 */

import { platform } from "#platform";
import { checkFunction, wrongType } from "../errors.ts";
import { currentRegion } from "../kernel/current.ts";
import { asyncDispose, dispose } from "../kernel/dispose.ts";
import { Guarded, ThroughCall } from "../kernel/frame.ts";
import type { OnRejected } from "../kernel/operation.ts";
import type { Parked, Yielded } from "../kernel/step.ts";
import type { CheckBody, Outcome, ReturnOf, YieldOf } from "./body.ts";
import { settle } from "./child.ts";
import { runBody } from "./run-body.ts";
import { shield } from "./shield.ts";

/** What can be used: what `using` and `await using` take. */
export type Usable = Disposable | AsyncDisposable | null | undefined;

/** A body with its resource, not run yet: `yield*` it in a generator task, `await` it in async code. */
export interface Using<R> extends PromiseLike<Awaited<Outcome<R>>> {
  [Symbol.iterator](): Iterator<Parked | YieldOf<R>, ReturnOf<R>, unknown>;
}

/**
 * Runs `body` with `resource`, and disposes it afterwards, however the body ends: aborted, too. Where there are both ways to dispose, the async one is
 * taken, and waited for; abort does not reach it.
 *
 * In a generator, `body` is part of the caller: `yield*` on an `Err` in it leaves the function that it is in.
 *
 * Cancel-safe: as the body.
 *
 * @example
 * ```ts
 * const file = { read: () => "text", [Symbol.dispose]: () => console.log("closed") }; // closed
 * await spawn(function* () {
 *   yield* use(file, function* (f) {
 *     yield* sleep(1);
 *     console.log(f.read()); // text
 *   });
 * });
 * ```
 *
 * @throws {TypeError} at the call, if `resource` cannot be disposed.
 */
export function use<T extends Usable, R>(resource: T, body: ((resource: T) => R) & CheckBody<R>): Using<R> {
  checkFunction("body", body);
  return new UsingBody(
    body as (resource: unknown) => unknown,
    resource,
    disposalOf(resource),
  ) as Using<unknown> as Using<R>;
}

type Disposal = (() => unknown) | undefined;
type Failure = { readonly error: unknown };

function disposalOf(resource: Usable): Disposal {
  if (resource === undefined || resource === null) return undefined;
  const { [asyncDispose]: disposeAsync, [dispose]: disposeNow } = resource as Partial<Disposable & AsyncDisposable>;
  if (typeof disposeAsync === "function") return () => disposeAsync.call(resource);
  // What a synchronous disposal returns is nobody's to wait for.
  if (typeof disposeNow === "function") return () => void disposeNow.call(resource);
  throw wrongType("resource", "disposable, or nothing", resource);
}

class UsingBody implements PromiseLike<unknown> {
  readonly #body: (resource: unknown) => unknown;
  readonly #resource: unknown;
  readonly #dispose: Disposal;

  constructor(body: (resource: unknown) => unknown, resource: unknown, dispose: Disposal) {
    this.#body = body;
    this.#resource = resource;
    this.#dispose = dispose;
  }

  [Symbol.iterator](): Iterator<Yielded, unknown, unknown> {
    return new Guarded(this.#run(), () =>
      this.#dispose === undefined ? undefined : disposing(this.#dispose, undefined),
    );
  }

  *#run(): Generator<Yielded, unknown, unknown> {
    let value: unknown;
    try {
      value = yield* new ThroughCall(() => runBody(this.#body, this.#resource));
    } catch (error) {
      yield* disposing(this.#dispose, { error });
      throw error;
    }
    yield* disposing(this.#dispose, undefined);
    return value;
  }

  then<A = unknown, B = never>(
    fulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    return this.#await().then(fulfilled, rejected);
  }

  async #await(): Promise<unknown> {
    let failure: Failure | undefined;
    try {
      const region = currentRegion();
      return await platform.enter(region, () => settle(region, this.#body(this.#resource)));
    } catch (error) {
      failure = { error };
      throw error;
    } finally {
      try {
        if (this.#dispose !== undefined) await shield(this.#dispose);
      } catch (error) {
        // biome-ignore lint/correctness/noUnsafeFinally: it carries what it stands before.
        throw both(failure, error);
      }
    }
  }
}

/** Disposes a resource; an error in that is thrown together with the failure before. */
function* disposing(dispose: Disposal, failure: Failure | undefined): Generator<Yielded, void, unknown> {
  if (dispose === undefined) return;
  try {
    yield* shield(dispose);
  } catch (error) {
    throw both(failure, error);
  }
}

function both(failure: Failure | undefined, error: unknown): unknown {
  if (failure === undefined) return error;
  return new AggregateError([failure.error, error], "the body failed, and so did disposing its resource");
}
