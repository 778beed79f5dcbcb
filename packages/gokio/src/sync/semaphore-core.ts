/**
 * What a semaphore does with its requests.
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
 * `holds` says who has permits, for people who ask why nothing moves. It is an answer only where permits are never added: there a wait is ended by
 * those who give theirs back.
 *
 * @module
 */

import { ClosedError, checkCount, show } from "../errors.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { failAll } from "../kernel/wake-all.ts";
import { driverOf, Holds, OUTSIDE, taker } from "./hold.ts";
import { type NameOptions, named } from "./named.ts";
import { Permit } from "./permit.ts";
import { Queued } from "./queued.ts";

/** @internal */
export class SemaphoreCore {
  readonly queue = new WaitList<Permit>();
  total: number;
  most: number;
  available: number;
  closed = false;
  readonly holds = new Holds();
  /** Whether permits are added, so that anybody might end a wait. */
  grows: boolean;
  readonly #options: NameOptions | undefined;

  constructor(total: number, options: NameOptions | undefined) {
    this.total = this.available = total;
    this.grows = total === 0;
    this.most = total === 0 ? Number.MAX_SAFE_INTEGER : total;
    this.#options = options;
    named("semaphore", options);
  }

  check(n: number): void {
    checkCount("n", n, 1, this.most);
  }

  grant(n: number, owner: unknown): Permit {
    this.available -= n;
    return new Permit(this, n, owner);
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
      head.wake(this.grant(n, head));
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    failAll(this.queue, new ClosedError(this.describe()));
  }

  describe(): string {
    const { name } = this.#options ?? {};
    return `semaphore(${this.total}${name === undefined ? "" : `, ${show(name)}`})`;
  }
}

/** @internal */
export class Acquire extends Queued<Permit> {
  readonly #core: SemaphoreCore;
  readonly n: number;

  constructor(core: SemaphoreCore, n: number) {
    super(core.queue);
    this.#core = core;
    this.n = n;
  }

  override try(): Permit | Pending {
    const core = this.#core;
    if (core.closed) throw new ClosedError(core.describe());
    return core.queue.head === undefined && this.n <= core.available ? core.grant(this.n, taker()) : PENDING;
  }

  override unlinked(): void {
    this.#core.serve();
  }

  /** Whoever gives permits back; and whoever stands before it, if there would be enough. */
  override holders(): Iterable<unknown> | undefined {
    const { available, grows, holds, queue } = this.#core;
    const holders = grows ? undefined : holds.holders;
    if (holders === undefined || this.n > available) return holders;
    return queue.head && holders.add(driverOf(queue.head) ?? OUTSIDE);
  }

  override describe(): string {
    return `acquire(${this.n}) on ${this.#core.describe()}`;
  }
}
