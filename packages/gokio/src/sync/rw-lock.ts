/**
 * A lock for many readers or one writer, that owns what it protects.
 *
 * # Algorithm
 *
 * Requests queue in order of arrival, readers and writers on one queue, and only its head is admitted; behind a reader the next may follow at
 * once. A reader that comes while a writer waits queues behind it, so writers do not starve, and neither do readers. Who is
 * admitted holds the lock before it is woken.
 *
 *     queue: R R W R ──▶ two readers enter together; when both have left, the writer; then the last reader
 *
 * 1. `holders` is the number of readers, or WRITER, or 0.
 * 2. Between calls, the queue is empty, or its head cannot be admitted.
 *
 * @module
 */

import { MisuseError, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Outcome } from "../task/body.ts";
import { type HoldingBody, startHolding } from "./holding.ts";
import { Queued } from "./queued.ts";

const WRITER = -1;

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
  readonly #core: Core<T>;

  constructor(value: T) {
    this.#core = new Core(value);
  }

  /** @internal */
  static core<T>(lock: RwLock<T>): Core<T> {
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
    return start(this.#core.reading, options);
  }

  /**
   * Waits, in turn, until nobody holds the lock. Dispose the guard to leave.
   *
   * Cancel-safe: a cancelled call has not locked, and has given up its place; those behind it may then enter.
   */
  write(options?: WaitOptions): Promise<WriteGuard<T>> {
    return start(this.#core.writing, options);
  }

  /** Locks for reading now, or not at all: `undefined` if that would have to wait, if only for its turn. */
  tryRead(): ReadGuard<T> | undefined {
    const guard = this.#core.reading.try();
    return guard === PENDING ? undefined : guard;
  }

  /** Locks for writing now, or not at all: `undefined` if that would have to wait. */
  tryWrite(): WriteGuard<T> | undefined {
    const guard = this.#core.writing.try();
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
    return startHolding(withOptions(this.#core.reading, options), body);
  }

  /**
   * Runs `body` while writing, and gives what it gives. In a generator task write `yield* holding(write(lock), body)`.
   *
   * Cancel-safe: while it waits, as {@link write}. Later the body is cancelled, and the lock is released when it has ended.
   *
   * @throws what `body` throws.
   */
  withWrite<R>(body: HoldingBody<WriteGuard<T>, R>, options?: WaitOptions): Promise<Awaited<Outcome<R>>> {
    return startHolding(withOptions(this.#core.writing, options), body);
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
 */
export function write<T>(lock: RwLock<T>, options?: WaitOptions): Operation<WriteGuard<T>> {
  return withOptions(RwLock.core(lock).writing, options);
}

const SPENT = "this guard was disposed, and with it the lock: lock again";

/** The lock, held for reading. */
export class ReadGuard<T> implements Disposable {
  #core: Core<T> | undefined;

  /** @internal */
  constructor(core: Core<T>) {
    this.#core = core;
  }

  /** What the lock protects. @throws {MisuseError} once the guard is disposed. */
  get value(): T {
    if (this.#core === undefined) throw new MisuseError(SPENT);
    return this.#core.value;
  }

  /** Leaves; a second call does nothing. */
  [dispose](): void {
    const core = this.#core;
    this.#core = undefined;
    core?.leave(core.holders - 1);
  }
}

/** The lock, held for writing. */
export class WriteGuard<T> implements Disposable {
  #core: Core<T> | undefined;

  /** @internal */
  constructor(core: Core<T>) {
    this.#core = core;
  }

  #held(): Core<T> {
    if (this.#core === undefined) throw new MisuseError(SPENT);
    return this.#core;
  }

  /** What the lock protects. @throws {MisuseError} once the guard is disposed. */
  get value(): T {
    return this.#held().value;
  }

  set value(value: T) {
    this.#held().value = value;
  }

  /**
   * Goes on as a reader: no writer comes between. This guard is spent, and the readers at the head of the queue may enter.
   *
   * @throws {MisuseError} once the guard is disposed.
   */
  downgrade(): ReadGuard<T> {
    const core = this.#held();
    this.#core = undefined;
    const guard = new ReadGuard(core);
    core.leave(1);
    return guard;
  }

  /** Leaves; a second call does nothing. */
  [dispose](): void {
    const core = this.#core;
    this.#core = undefined;
    core?.leave(0);
  }
}

class Core<T> {
  readonly queue = new WaitList();
  readonly reading: Operation<ReadGuard<T>> = new Read(this);
  readonly writing: Operation<WriteGuard<T>> = new Write(this);
  value: T;
  holders = 0;

  constructor(value: T) {
    this.value = value;
  }

  /** Somebody has left, and `holders` are left. */
  leave(holders: number): void {
    this.holders = holders;
    if (this.queue.head !== undefined) this.serve();
  }

  serve(): void {
    const { queue } = this;
    for (let head = queue.head; head !== undefined; head = queue.head) {
      const guard = (head.slot as Request<T, unknown>).admit();
      if (guard === PENDING) return;
      queue.remove(head);
      head.wake(guard);
    }
  }
}

abstract class Request<T, G> extends Queued<G> {
  protected readonly core: Core<T>;

  constructor(core: Core<T>) {
    super(core.queue as WaitList<unknown> as WaitList<G>);
    this.core = core;
  }

  /** Takes the lock, if those who hold it allow. */
  abstract admit(): G | Pending;

  override try(): G | Pending {
    return this.core.queue.head === undefined ? this.admit() : PENDING;
  }

  override unlinked(): void {
    this.core.serve();
  }
}

class Read<T> extends Request<T, ReadGuard<T>> {
  override admit(): ReadGuard<T> | Pending {
    const { core } = this;
    if (core.holders === WRITER) return PENDING;
    core.holders++;
    return new ReadGuard(core);
  }

  override describe(): string {
    return "read on rw-lock";
  }
}

class Write<T> extends Request<T, WriteGuard<T>> {
  override admit(): WriteGuard<T> | Pending {
    const { core } = this;
    if (core.holders !== 0) return PENDING;
    core.holders = WRITER;
    return new WriteGuard(core);
  }

  override describe(): string {
    return "write on rw-lock";
  }
}
