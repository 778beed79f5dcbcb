/**
 * A lock for many readers or one writer, that owns what it protects. How it works is told in `rw-lock-core.ts`.
 *
 * @module
 */

import { wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING } from "../kernel/step.ts";
import type { Outcome } from "../task/body.ts";
import { type HoldingBody, startHolding } from "./holding.ts";
import { type NameOptions, named } from "./named.ts";
import type { ReadGuard, WriteGuard } from "./rw-guard.ts";
import { RwLockCore } from "./rw-lock-core.ts";

/**
 * A value that many may read at once, or one may change, across waits.
 *
 * @example
 * ```ts
 * const config = new RwLock({ retries: 3 });
 * const [a, b] = await Promise.all([config.read(), config.read()]);
 * console.log(a.value.retries, b.value.retries, config.tryWrite()); // 3 3 undefined
 * a[Symbol.dispose]();
 * b[Symbol.dispose]();
 * await config.withWrite((guard) => (guard.value = { retries: 5 }));
 * ```
 */
export class RwLock<T> {
  readonly #core: RwLockCore<T>;

  /** @throws {TypeError} if the name is no string. */
  constructor(value: T, options?: NameOptions) {
    this.#core = new RwLockCore(value, named("rw-lock", options));
  }

  /** @internal */
  static core<T>(lock: RwLock<T>): RwLockCore<T> {
    if (!(lock instanceof RwLock)) throw wrongType("lock", "a RwLock", lock);
    return lock.#core;
  }

  /**
   * Waits, in turn, until no writer holds the lock. Dispose the guard to leave.
   *
   * A holder must not ask again: a writer may be waiting between the two, and then nobody can go on.
   *
   * Cancel-safe: a cancelled call has not locked, and has given up its place; those behind it may then enter.
   */
  read(options?: WaitOptions): Promise<ReadGuard<T>> {
    return start(this.#core.readingEagerly, options);
  }

  /**
   * Waits, in turn, until nobody holds the lock. Dispose the guard to leave.
   *
   * Cancel-safe: a cancelled call has not locked, and has given up its place; those behind it may then enter.
   */
  write(options?: WaitOptions): Promise<WriteGuard<T>> {
    return start(this.#core.writingEagerly, options);
  }

  /** Locks for reading now, or not at all: `undefined` if that would have to wait, if only for its turn. */
  tryRead(): ReadGuard<T> | undefined {
    const guard = this.#core.readingEagerly.try();
    return guard === PENDING ? undefined : guard;
  }

  /** Locks for writing now, or not at all: `undefined` if that would have to wait. */
  tryWrite(): WriteGuard<T> | undefined {
    const guard = this.#core.writingEagerly.try();
    return guard === PENDING ? undefined : guard;
  }

  /**
   * Runs `body` while reading, and gives what it gives. In a generator task write `yield* holding(read(lock), body)`.
   *
   * Cancel-safe: while it waits, as {@link read}. Later the body is cancelled, and the lock is released when it has ended.
   *
   * @throws what `body` throws.
   */
  withRead<R>(body: HoldingBody<ReadGuard<T>, R>, options?: WaitOptions): Promise<Awaited<Outcome<R>>> {
    return startHolding(withOptions(this.#core.readingEagerly, options), body);
  }

  /**
   * Runs `body` while writing, and gives what it gives. In a generator task write `yield* holding(write(lock), body)`.
   *
   * Cancel-safe: while it waits, as {@link write}. Later the body is cancelled, and the lock is released when it has ended.
   *
   * @throws what `body` throws.
   */
  withWrite<R>(body: HoldingBody<WriteGuard<T>, R>, options?: WaitOptions): Promise<Awaited<Outcome<R>>> {
    return startHolding(withOptions(this.#core.writingEagerly, options), body);
  }
}

/**
 * Waits to read, as an operation: what {@link RwLock.read} does.
 *
 * Cancel-safe: a cancelled call has not locked, and has given up its place in the queue.
 *
 * @example
 * ```ts
 * const config = new RwLock("v1");
 * const guard = await read(config);
 * console.log(guard.value); // v1
 * guard[Symbol.dispose]();
 * ```
 *
 * @throws {MisuseError} in a generator task that holds the lock for writing, and has neither released it nor moved its guard.
 */
export function read<T>(lock: RwLock<T>, options?: WaitOptions): Operation<ReadGuard<T>> {
  return withOptions(RwLock.core(lock).reading, options);
}

/**
 * Waits to write, as an operation: what {@link RwLock.write} does.
 *
 * Cancel-safe: a cancelled call has not locked, and has given up its place in the queue.
 *
 * @example
 * ```ts
 * const config = new RwLock("v1");
 * const guard = await write(config);
 * guard.value = "v2";
 * const reader = guard.downgrade();
 * console.log(reader.value); // v2
 * reader[Symbol.dispose]();
 * ```
 *
 * @throws {MisuseError} in a generator task that holds the lock, and has neither released it nor moved its guard.
 */
export function write<T>(lock: RwLock<T>, options?: WaitOptions): Operation<WriteGuard<T>> {
  return withOptions(RwLock.core(lock).writing, options);
}
