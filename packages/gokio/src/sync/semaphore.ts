/**
 * A counting semaphore: at most `total` permits are out at any time.
 *
 * # Algorithm
 *
 * A request that does not fit queues in order of arrival, and only the head of the queue is ever served. So a small request
 * never overtakes a large one, which cannot starve; the price is that permits may lie idle until the head fits. They leave the
 * pool before the waiter runs, so that nobody can come between.
 *
 *     pool: `available` ── grant ──▶ permit ── dispose ──▶ pool ── serve ──▶ queue: the head first, oldest first
 *
 * 1. Between calls, the queue is empty, or its head wants more than is available.
 * 2. A permit is in the pool, or out, or forgotten: `total` counts the first two, and each is given back once.
 *    `most` is the largest total there has been, and so the largest request that may still come true.
 * 3. A closed semaphore has nobody queued.
 *
 * @module
 */

import { ClosedError, checkCount, MisuseError, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { failAll } from "../kernel/wake-all.ts";
import type { Outcome } from "../task/body.ts";
import { type Acquirable, acquiring } from "./acquire.ts";
import { type HoldingBody, startHolding } from "./holding.ts";
import { Queued } from "./queued.ts";

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
  readonly #core: Core;
  /** The commonest request, made once. */
  readonly #one: Operation<Permit>;

  /**
   * With 0, whoever acquires waits for {@link addPermits}.
   *
   * @throws {RangeError} unless `total` is a whole number.
   */
  constructor(total: number) {
    this.#core = new Core(checkCount("total", total));
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

/**
 * Permits that were taken from a {@link Semaphore}.
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
export class Permit implements Disposable {
  #core: Core | undefined;
  #count: number;

  /** @internal */
  constructor(core: Core, count: number) {
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
    return new Permit(this.#core as Core, n);
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
    other.#core = undefined;
  }

  /**
   * Never gives the permits back: the semaphore has that many fewer from now on. A request already queued for more than are left waits
   * until some are added.
   */
  forget(): void {
    const core = this.#core;
    this.#core = undefined;
    if (core !== undefined) core.total -= this.#count;
  }

  /** Gives the permits back; a second call does nothing. */
  [dispose](): void {
    const core = this.#core;
    this.#core = undefined;
    core?.giveBack(this.#count);
  }
}

class Core {
  readonly queue = new WaitList<Permit>();
  total: number;
  most: number;
  available: number;
  closed = false;

  constructor(total: number) {
    this.total = this.available = total;
    this.most = total === 0 ? Number.MAX_SAFE_INTEGER : total;
  }

  check(n: number): void {
    checkCount("n", n, 1, this.most);
  }

  grant(n: number): Permit {
    this.available -= n;
    return new Permit(this, n);
  }

  giveBack(n: number): void {
    this.available += n;
    if (this.queue.head !== undefined) this.serve();
  }

  serve(): void {
    const { queue } = this;
    for (let head = queue.head; head !== undefined; head = queue.head) {
      const { n } = head.slot as Acquire;
      if (n > this.available) return;
      queue.remove(head);
      head.wake(this.grant(n));
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    failAll(this.queue, new ClosedError(this.describe()));
  }

  describe(): string {
    return `semaphore(${this.total})`;
  }
}

class Acquire extends Queued<Permit> {
  readonly #core: Core;
  readonly n: number;

  constructor(core: Core, n: number) {
    super(core.queue);
    this.#core = core;
    this.n = n;
  }

  override try(): Permit | Pending {
    const core = this.#core;
    if (core.closed) throw new ClosedError(core.describe());
    return core.queue.head === undefined && this.n <= core.available ? core.grant(this.n) : PENDING;
  }

  override unlinked(): void {
    this.#core.serve();
  }

  override describe(): string {
    return `acquire(${this.n}) on ${this.#core.describe()}`;
  }
}
