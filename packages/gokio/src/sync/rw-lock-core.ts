/**
 * What a read-write lock does with its requests.
 *
 * # Algorithm
 *
 * Requests queue in order of arrival, readers and writers on one queue, and only its head is admitted; behind a reader the next may follow at
 * once. A reader that comes while a writer waits queues behind it, so writers do not starve, and neither do readers. Who is
 * admitted holds the lock before it is woken.
 *
 *     queue: R R W R ──▶ two readers enter together; when both have left, the writer; then the last reader
 *
 * 1. `holders` is the number of readers, or WRITER, or 0. `holds` says who they are.
 * 2. Between calls, the queue is empty, or its head cannot be admitted.
 *
 * A generator task that writes while it holds the lock, or reads while it writes, would wait for itself; it is told so at once, unless it has moved its
 * guard to another task. One that reads while it reads waits only if a writer came between, who may yet give up: only a deadlock report can name that. So it
 * is with async code, whose flows nothing tells apart.
 *
 * @module
 */

import { MisuseError } from "../errors.ts";
import { running } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { driverOf, Holds, OUTSIDE, taker } from "./hold.ts";
import { Queued } from "./queued.ts";
import { ReadGuard, WriteGuard } from "./rw-guard.ts";

const WRITER = -1;

/** @internal */
export class RwLockCore<T> {
  readonly queue = new WaitList();
  readonly holds = new Holds();
  readonly reading: Operation<ReadGuard<T>> = new Read(this, true);
  readonly writing: Operation<WriteGuard<T>> = new Write(this, true);
  /** For the methods: the promise need not be the task's own to wait for. */
  readonly readingEagerly: Operation<ReadGuard<T>> = new Read(this, false);
  readonly writingEagerly: Operation<WriteGuard<T>> = new Write(this, false);
  value: T;
  holders = 0;
  readonly name: string;

  constructor(value: T, name: string) {
    this.value = value;
    this.name = name;
  }

  /** Somebody has left, and `holders` are left. */
  leave(holders: number): void {
    this.holders = holders;
    if (this.queue.head !== undefined) this.serve();
  }

  serve(): void {
    const { queue } = this;
    for (let head = queue.head; head !== undefined; head = queue.head) {
      const guard = (head.slot as Request<T, unknown>).admit(head);
      if (guard === PENDING) return;
      queue.remove(head);
      head.wake(guard);
    }
  }
}

abstract class Request<T, G> extends Queued<G> {
  protected readonly core: RwLockCore<T>;
  readonly #owned: boolean;

  constructor(core: RwLockCore<T>, owned: boolean) {
    super(core.queue as WaitList<unknown> as WaitList<G>);
    this.core = core;
    this.#owned = owned;
  }

  /** Takes the lock for `owner`, if those who hold it allow. */
  abstract admit(owner?: unknown, isOwned?: boolean): G | Pending;
  /** Whether it has to wait until everybody who holds the lock has left. */
  protected abstract get excludesHolders(): boolean;

  override try(): G | Pending {
    if (this.core.queue.head !== undefined) return PENDING;
    return this.admit(undefined, this.#owned && running !== undefined);
  }

  override link(waiter: Waiter<G>): void {
    const { core } = this;
    if (this.excludesHolders && core.holds.has(waiter)) {
      throw new MisuseError(`this task holds the ${core.name} already, and would wait for itself`);
    }
    super.link(waiter);
  }

  override unlinked(): void {
    this.core.serve();
  }

  /** A reader that may not join the readers waits until the writer before it has been in, or has given up. */
  override holders(): Iterable<unknown> | undefined {
    const { holds, queue } = this.core;
    if (this.excludesHolders) return holds.holders;
    return queue.head && [driverOf(queue.head) ?? OUTSIDE];
  }

  override needsAll(): boolean {
    return true;
  }
}

class Read<T> extends Request<T, ReadGuard<T>> {
  override admit(owner: unknown = taker(), isOwned = true): ReadGuard<T> | Pending {
    const { core } = this;
    if (core.holders === WRITER) return PENDING;
    core.holders++;
    return new ReadGuard(core, owner, isOwned);
  }

  protected override get excludesHolders(): boolean {
    return this.core.holders === WRITER;
  }

  override describe(): string {
    return `read on ${this.core.name}`;
  }
}

class Write<T> extends Request<T, WriteGuard<T>> {
  override admit(owner: unknown = taker(), isOwned = true): WriteGuard<T> | Pending {
    const { core } = this;
    if (core.holders !== 0) return PENDING;
    core.holders = WRITER;
    return new WriteGuard(core, owner, isOwned);
  }

  protected override get excludesHolders(): boolean {
    return true;
  }

  override describe(): string {
    return `write on ${this.core.name}`;
  }
}
