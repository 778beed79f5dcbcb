/**
 * Work that a cancellation ends without an error.
 *
 * @module
 */
import { untilCancelled } from "../cancel/until-cancelled.ts";
import { MisuseError, show } from "../errors.ts";
import { type Signal, sourceOf } from "../kernel/abortable.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import { Operation } from "../kernel/operation.ts";
import type { Region } from "../kernel/region.ts";
import { type Block, type BlockBody, type BodyOutcome, FunctionBlock } from "./block.ts";
import type { Outcome } from "./body.ts";
import type { TaskRegion } from "./region.ts";
import { SignalRegion } from "./signal-region.ts";

/**
 * Runs an operation or a body until it is through, or `signal` is cancelled: then the result is `undefined`. An operation has not happened in that
 * case; a body's waits fail, and its cleanup is waited for. If the signal is cancelled before, nothing is run.
 *
 * A body that ends with a value or an error of its own although it was cancelled has ended so.
 *
 * Cancel-safe: as what it runs.
 *
 * @example
 * ```ts
 * const token = new CancellationToken();
 * const served = spawn(async () =>
 *   runUntilCancelled(token, async () => {
 *     await sleep(60_000);
 *     return "served";
 *   }),
 * );
 * await yieldNow();
 * token.cancel();
 * console.log(await served); // undefined
 * ```
 *
 * @throws {TypeError} at the call, if `signal` is nothing that can cancel.
 */
export function runUntilCancelled<T>(signal: Signal, op: Operation<T>): Operation<T | undefined>;
export function runUntilCancelled<R>(signal: Signal, body: BlockBody<R>): Block<Outcome<R> | undefined>;
export function runUntilCancelled(
  signal: Signal,
  work: Operation<unknown> | ((self: never) => unknown),
): Operation<unknown> | Block<unknown> {
  if (work instanceof Operation) return untilCancelled(signal, work);
  if (typeof work === "function") return new UntilCancelledBlock(sourceOf(signal), work as () => unknown);
  throw new MisuseError(
    `runUntilCancelled takes an operation or a function, not ${show(work)}: wrap a promise in wait`,
  );
}

class UntilCancelledBlock extends FunctionBlock<unknown> {
  readonly #source: CancelSource;

  constructor(source: CancelSource, body: () => unknown) {
    super(body);
    this.#source = source;
  }

  protected override open(outer: Region): TaskRegion {
    return new SignalRegion(outer, this.#source, outer.locals);
  }

  protected override result(region: TaskRegion, body: BodyOutcome<unknown>): unknown {
    const cancelled = (region as SignalRegion).isBySignal && "error" in body;
    return cancelled && body.error === region.cancellation?.error ? undefined : super.result(region, body);
  }
}
