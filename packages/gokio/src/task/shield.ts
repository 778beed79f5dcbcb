/**
 * Shields: work that cancellation from outside does not reach.
 *
 * @module
 */
import { checkDuration, checkFunction } from "../errors.ts";
import type { Region } from "../kernel/region.ts";
import { type Block, type BlockBody, FunctionBlock } from "./block.ts";
import type { Outcome } from "./body.ts";
import { limitRegion } from "./limit.ts";
import { TaskRegion } from "./region.ts";

export interface ShieldOptions {
  /** How long the work may take before its waits fail after all, in milliseconds; without a limit unless given. */
  readonly ms?: number;
}

/**
 * Runs `body` to its end even if the task has been, or is, aborted: for cleanup in async code. (The cleanup of a generator task is shielded
 * by itself.) The abort is met by the next wait after it.
 *
 * Cancel-safe: the body is not cancelled, except when its `ms` are over; then its waits fail, and it is waited for.
 *
 * @example
 * ```ts
 * const log = chan<string>(1);
 * const task = spawn(async () => {
 *   try {
 *     await sleep(60_000);
 *   } finally {
 *     await shield(() => log.send("closed"), { ms: 1000 });
 *   }
 * });
 * await yieldNow();
 * task.abort();
 * console.log(await log.recv()); // closed
 * ```
 *
 * @throws {RangeError} at the call, if `ms` is negative or NaN.
 */
export function shield<R>(body: BlockBody<R>, options: ShieldOptions = {}): Block<Outcome<R>> {
  checkFunction("body", body);
  if (options.ms !== undefined) checkDuration("ms", options.ms);
  return new Shield(body, options.ms);
}

class Shield<T> extends FunctionBlock<T> {
  readonly #ms: number | undefined;

  constructor(body: (self: never) => unknown, ms: number | undefined) {
    super(body as () => unknown);
    this.#ms = ms;
  }

  protected override open(outer: Region): TaskRegion {
    const region = TaskRegion.shield(outer);
    if (this.#ms !== undefined) limitRegion(region, this.#ms);
    return region;
  }

  protected override get entersCancelled(): boolean {
    return true;
  }
}
