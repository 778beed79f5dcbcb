/**
 * Permits of a semaphore, in somebody's hands.
 *
 * @module
 */

import { checkCount, MisuseError, wrongType } from "../errors.ts";
import { dispose } from "../kernel/dispose.ts";
import { Hold } from "./hold.ts";
import type { SemaphoreCore } from "./semaphore-core.ts";

/**
 * Permits that were taken from a `Semaphore`.
 *
 * @example
 * ```ts
 * const slots = new Semaphore(4);
 * const mine = await slots.acquire(3);
 * const yours = mine.split(2);
 * yours[Symbol.dispose]();
 * console.log(mine.count, slots.available); // 1 3
 * ```
 */
export class Permit extends Hold {
  #core: SemaphoreCore | undefined;
  #count: number;

  /** @internal */
  constructor(core: SemaphoreCore, count: number, owner: unknown) {
    super(core.holds, owner, false);
    this.#core = core;
    this.#count = count;
  }

  /** How many permits this is; 0 once they are given back or forgotten. */
  get count(): number {
    return this.#core === undefined ? 0 : this.#count;
  }

  /**
   * Takes `n` of the permits into a new one, to be given back by itself; this keeps the rest.
   *
   * @throws {RangeError} unless `n` is a whole number from 1 to {@link count}.
   */
  split(n: number): Permit {
    checkCount("n", n, 1, this.count);
    this.#count -= n;
    return new Permit(this.#core as SemaphoreCore, n, this.owner);
  }

  /**
   * Takes the permits of `other`, which is spent then.
   *
   * @throws {MisuseError} if it is of another semaphore, or is this; or if either was given back or forgotten.
   */
  merge(other: Permit): void {
    if (!(other instanceof Permit)) throw wrongType("other", "a Permit", other);
    if (other === this || this.#core === undefined || this.#core !== other.#core) {
      throw new MisuseError("only two permits of one semaphore can be merged, neither of which was given back");
    }
    this.#count += other.#count;
    this.#core.holds.remove(other);
    other.#core = undefined;
  }

  /**
   * Never gives the permits back: the semaphore has that many fewer from now on. A request already queued for more than are left waits
   * until some are added.
   */
  forget(): void {
    const core = this.#core;
    this.#core = undefined;
    core?.holds.remove(this);
    if (core !== undefined) core.total -= this.#count;
  }

  /** Gives the permits back; a second call does nothing. */
  override [dispose](): void {
    const core = this.#core;
    this.#core = undefined;
    core?.holds.remove(this);
    core?.giveBack(this.#count);
  }
}
