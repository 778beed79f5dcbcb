/**
 * A counting semaphore: at most `total` permits are out at any time. How it works is told in `semaphore-core.ts`.
 *
 * @module
 */

import { checkCount } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING } from "../kernel/step.ts";
import type { Outcome } from "../task/body.ts";
import { type Acquirable, acquiring } from "./acquire.ts";
import { type HoldingBody, startHolding } from "./holding.ts";
import type { NameOptions } from "./named.ts";
import type { Permit } from "./permit.ts";
import { Acquire, SemaphoreCore } from "./semaphore-core.ts";

/**
 * Limits how many may do something at once.
 *
 * @example
 * ```ts
 * const slots = new Semaphore(2);
 * let most = 0;
 * let now = 0;
 * const work = async () => {
 *   const permit = await slots.acquire();
 *   most = Math.max(most, ++now);
 *   await sleep(1);
 *   now--;
 *   permit[Symbol.dispose]();
 * };
 * await Promise.all([work(), work(), work(), work()]);
 * console.log(most); // 2
 * ```
 */
export class Semaphore implements Acquirable<Permit> {
  readonly #core: SemaphoreCore;
  /** The commonest request, made once. */
  readonly #one: Operation<Permit>;

  /**
   * With 0, whoever acquires waits for {@link addPermits}.
   *
   * @throws {RangeError} unless `total` is a whole number.
   * @throws {TypeError} if the name is no string.
   */
  constructor(total: number, options?: NameOptions) {
    this.#core = new SemaphoreCore(checkCount("total", total), options);
    this.#one = new Acquire(this.#core, 1);
  }

  /** @internal */
  [acquiring](n: number): Operation<Permit> {
    this.#core.check(n);
    return n === 1 ? this.#one : new Acquire(this.#core, n);
  }

  /**
   * Takes `n` permits, waiting in turn; disposing the result gives them back, once.
   *
   * Cancel-safe: a cancelled call has taken nothing and has given up its place; the request behind it may then be served.
   *
   * @throws {RangeError} at the call, unless `n` is a whole number from 1 to the largest {@link total} there has been: more could never be
   * had. A semaphore made with 0 takes any.
   * @throws {ClosedError} if the semaphore is closed, or is closed meanwhile.
   */
  acquire(n = 1, options?: WaitOptions): Promise<Permit> {
    return start(this[acquiring](n), options);
  }

  /**
   * Takes `n` permits now, or none: `undefined` if that would have to wait, if only for its turn.
   *
   * @throws {RangeError} as {@link acquire} does.
   * @throws {ClosedError} if the semaphore is closed.
   */
  tryAcquire(n = 1): Permit | undefined {
    const permit = this[acquiring](n).try();
    return permit === PENDING ? undefined : permit;
  }

  /**
   * Runs `body` while holding `n` permits, and gives what it gives. In a generator task write `yield* holding(acquire(semaphore, n), body)`.
   *
   * Cancel-safe: while it waits, as {@link acquire}. Later the body is cancelled, and the permits are given back when it has ended.
   *
   * @example
   * ```ts
   * const slots = new Semaphore(1);
   * console.log(await slots.with(async () => slots.available)); // 0
   * console.log(slots.available); // 1
   * ```
   *
   * @throws what `body` throws, and what {@link acquire} does.
   */
  with<R>(body: HoldingBody<Permit, R>, n = 1, options?: WaitOptions): Promise<Awaited<Outcome<R>>> {
    return startHolding(withOptions(this[acquiring](n), options), body);
  }

  /**
   * Adds `n` permits to the pool, for good.
   *
   * @throws {RangeError} unless `n` is a whole number, and {@link total} stays a safe one.
   */
  addPermits(n: number): void {
    const core = this.#core;
    checkCount("n", n, 0, Number.MAX_SAFE_INTEGER - core.total);
    core.total += n;
    core.most = Math.max(core.most, core.total);
    core.grows = true;
    core.giveBack(n);
  }

  /** Hands out nothing more: whoever waits, or asks later, gets `ClosedError`. Permits that are out stay valid. */
  close(): void {
    this.#core.close();
  }

  /** Whether it was closed. */
  get isClosed(): boolean {
    return this.#core.closed;
  }

  /** How many permits are in the pool. */
  get available(): number {
    return this.#core.available;
  }

  /** How many permits there are, in the pool and out. */
  get total(): number {
    return this.#core.total;
  }
}
