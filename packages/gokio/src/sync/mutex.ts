/**
 * A mutex that owns what it protects: the guard is the only way to the value.
 *
 * # Algorithm
 *
 * The lock is handed over: whoever releases it makes the first waiter its holder before waking it. Nobody can come between, so waiters are
 * served strictly in order, and a free lock has no waiters.
 *
 *     free ── lock ──▶ held by guard ── dispose, nobody waits ──▶ free
 *                        ▲       │
 *                        └───────┘ dispose: the next guard holds, and its waiter is woken
 *
 * 1. `holder` is the one guard that may touch the value; every other guard of this mutex is spent, or waits on a condvar.
 * 2. While `holder` is undefined, nobody is queued.
 *
 * A generator task that locks what it holds already would wait for itself; it is told so at once, unless it has moved the guard to another
 * task. Async code cannot be told, not even inside the body of `with`: several flows of one task may rightly want the same lock (`Promise.all`, a callback, a
 * call that nobody awaits), and nothing tells them apart. There a deadlock report names the task that waits for itself.
 *
 * @module
 */

import { MisuseError, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { running } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import type { Outcome } from "../task/body.ts";
import { holderOf, movedTo, outermost, taker } from "./hold.ts";
import { type HoldingBody, startHolding } from "./holding.ts";
import { type NameOptions, named } from "./named.ts";
import { Queued } from "./queued.ts";

/**
 * A value that one at a time may use, across waits.
 *
 * Code that does not wait between reading and writing needs no mutex: nothing else runs meanwhile.
 *
 * @example
 * ```ts
 * const balance = new Mutex(10);
 * const deposit = async (sum: number) => {
 *   const guard = await balance.lock();
 *   try {
 *     const before = guard.value;
 *     await sleep(1);
 *     guard.value = before + sum;
 *   } finally {
 *     guard[Symbol.dispose]();
 *   }
 * };
 * await Promise.all([deposit(1), deposit(2), deposit(3)]);
 * console.log(await balance.with((guard) => guard.value)); // 16
 * ```
 */
export class Mutex<T = void> {
  readonly #core: MutexCore<T>;

  /**
   * Without a value, it protects whatever its users agree on.
   *
   * @throws {TypeError} if the name is no string.
   */
  constructor(...args: [T] extends [void] ? [value?: T, options?: NameOptions] : [value: T, options?: NameOptions]) {
    const [value, options] = args;
    this.#core = new MutexCore(value as T, named("mutex", options));
  }

  /** @internal */
  static locking<T>(mutex: Mutex<T>): Operation<MutexGuard<T>> {
    if (!(mutex instanceof Mutex)) throw wrongType("mutex", "a Mutex", mutex);
    return mutex.#core.locking;
  }

  /**
   * Waits for the lock, in turn. Dispose the guard to release it.
   *
   * Who holds it must not ask again, or waits for ever: async code is told by deadlock reports, a generator task, which uses {@link lock}, at once.
   *
   * Cancel-safe: a cancelled call has not locked, and has given up its place in the queue.
   */
  lock(options?: WaitOptions): Promise<MutexGuard<T>> {
    return start(this.#core.lockingEagerly, options);
  }

  /** Locks now, or not at all: `undefined` if that would have to wait. */
  tryLock(): MutexGuard<T> | undefined {
    const guard = this.#core.lockingEagerly.try();
    return guard === PENDING ? undefined : guard;
  }

  /**
   * Runs `body` with the lock, and gives what it gives. In a generator task write `yield* holding(lock(mutex), body)`.
   *
   * Cancel-safe: while it waits, as {@link lock}. Later the body is cancelled, and the lock is released when it has ended.
   *
   * @example
   * ```ts
   * const names = new Mutex<string[]>([]);
   * await names.with((guard) => guard.value.push("Ada"));
   * console.log(await names.with((guard) => guard.value.length)); // 1
   * ```
   *
   * @throws what `body` throws.
   */
  with<R>(body: HoldingBody<MutexGuard<T>, R>, options?: WaitOptions): Promise<Awaited<Outcome<R>>> {
    return startHolding(withOptions(this.#core.lockingEagerly, options), body);
  }

  /** Whether somebody holds it. */
  get isLocked(): boolean {
    return this.#core.holder !== undefined;
  }
}

/**
 * Waits for the lock, as an operation: what {@link Mutex.lock} does.
 *
 * Cancel-safe: a cancelled call has not locked, and has given up its place in the queue.
 *
 * @example
 * ```ts
 * const count = new Mutex(0);
 * await spawn(function* () {
 *   const guard = yield* lock(count);
 *   guard.value++;
 *   guard[Symbol.dispose]();
 * });
 * console.log(count.isLocked); // false
 * ```
 *
 * @throws {MisuseError} in a generator task that took the lock, and has neither released it nor given it away: a guard is given away with
 * `spawn(…, { move: guard })`.
 */
export function lock<T>(mutex: Mutex<T>, options?: WaitOptions): Operation<MutexGuard<T>> {
  const op = Mutex.locking(mutex);
  return options === undefined ? op : withOptions(op, options);
}

/** The lock, held; and the way to the value while it is. */
export class MutexGuard<T> implements Disposable {
  #core: MutexCore<T> | undefined;

  /** @internal */
  constructor(core: MutexCore<T>) {
    this.#core = core;
  }

  /** @internal The mutex that this guard holds. @throws {MisuseError} if it holds it no more. */
  static held<T>(guard: MutexGuard<T>): MutexCore<T> {
    if (!(guard instanceof MutexGuard)) throw wrongType("guard", "a MutexGuard", guard);
    const core = guard.#core;
    if (core === undefined)
      throw new MisuseError("this guard was disposed, and with it the lock: lock the mutex again");
    if (core.holder !== guard)
      throw new MisuseError("this guard waits on a condvar, and the lock is released meanwhile");
    return core;
  }

  /** @internal */
  static isDisposed(guard: MutexGuard<unknown>): boolean {
    return guard.#core === undefined;
  }

  /** What the mutex protects. @throws {MisuseError} once the guard is disposed. */
  get value(): T {
    return MutexGuard.held(this).value;
  }

  set value(value: T) {
    MutexGuard.held(this).value = value;
  }

  /** Releases the lock, to the first that waits for it; a second call does nothing. */
  [dispose](): void {
    const core = this.#core;
    this.#core = undefined;
    if (core !== undefined && core.holder === this) core.release();
  }
}

/** @internal */
export class MutexCore<T> {
  readonly queue = new WaitList<MutexGuard<T>>();
  readonly locking: Operation<MutexGuard<T>> = new Lock(this, true);
  /** For the methods: the promise need not be the task's own to wait for. */
  readonly lockingEagerly: Operation<MutexGuard<T>> = new Lock(this, false);
  value: T;
  holder: MutexGuard<T> | undefined = undefined;
  /** Who took the lock: a generator task, a waiter, or the region of other code. */
  owner: unknown = undefined;
  /** Whether that was for itself. The methods give a promise, which may be for somebody else. */
  isOwned = false;
  readonly name: string;

  constructor(value: T, name: string) {
    this.value = value;
    this.name = name;
  }

  /** Whoever waited for the lock has it. */
  take(guard: MutexGuard<T>, owner: unknown): void {
    this.holder = guard;
    this.owner = owner;
    this.isOwned = true;
  }

  release(): void {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      const guard = (next.slot as Lock<T>).guard();
      // One that was disposed while it waited on a condvar does not keep the lock.
      const keeps = !MutexGuard.isDisposed(guard);
      if (keeps) this.take(guard, next);
      next.wake(guard);
      if (keeps) return;
    }
    this.holder = this.owner = undefined;
  }
}

/** @internal */
export class Lock<T> extends Queued<MutexGuard<T>> {
  readonly core: MutexCore<T>;
  readonly #owned: boolean;

  constructor(core: MutexCore<T>, owned: boolean) {
    super(core.queue);
    this.core = core;
    this.#owned = owned;
  }

  /** The guard that is to hold the lock. */
  guard(): MutexGuard<T> {
    return new MutexGuard(this.core);
  }

  override try(): MutexGuard<T> | Pending {
    const { core } = this;
    if (core.holder !== undefined) return PENDING;
    core.owner = taker();
    core.isOwned = this.#owned && running !== undefined;
    return (core.holder = this.guard());
  }

  override link(waiter: Waiter<MutexGuard<T>>): void {
    const { core } = this;
    if (core.isOwned && waiter === outermost(core.owner)) {
      if (movedTo(core.holder as MutexGuard<T>, waiter.scheduler) === undefined) {
        throw new MisuseError(`this task holds the ${core.name} already, and would wait for itself`);
      }
      core.isOwned = false;
    }
    super.link(waiter);
  }

  override holders(): Iterable<unknown> | undefined {
    const { holder, owner } = this.core;
    const found = holder && holderOf(holder, owner);
    return found && [found];
  }

  override describe(): string {
    return `lock on ${this.core.name}`;
  }
}
