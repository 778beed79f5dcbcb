/**
 * A condition variable: waiting, with the lock released, until somebody says that what it protects has changed.
 *
 * # Algorithm
 *
 * A wait has two phases: parked here, with the lock released; then in the mutex's queue, to take it again. Linking and releasing are one step,
 * so a notification between them cannot be missed. However the first phase ends, the second follows, and the wait is over only
 * when its guard holds the lock: the second phase holds the waiter, be it notified, cancelled or beaten in a select.
 *
 *     guard holds ── link ──▶ parked here ── notified: hold ─────▶ queued on the mutex ──▶ guard holds ──▶ goes on
 *                                 └───────── unlink: hold ──────────────▲
 *
 * Invariant: a guard holds its lock, or is disposed, or belongs to exactly one wait in either phase.
 *
 * @module
 */
import { checkFunction, MisuseError, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { currentRegion } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { Waiter } from "../kernel/waiter.ts";
import type { LazyCall } from "../task/call.ts";
import { CHECKPOINT } from "../task/run-body.ts";
import { unobserved } from "../task/unobserved.ts";
import { Lock, type MutexCore, MutexGuard } from "./mutex.ts";
import { type NameOptions, named } from "./named.ts";
import { besides, Queued } from "./queued.ts";
import { WaitWhile } from "./wait-while.ts";

/**
 * Lets holders of a mutex wait for its value to become what they need. Whoever changes the value notifies.
 *
 * @example
 * ```ts
 * const queue = new Mutex<string[]>([]);
 * const filled = new Condvar();
 * const consumer = queue.with(async (guard) => {
 *   await filled.waitWhile(guard, (jobs) => jobs.length === 0);
 *   return guard.value.shift();
 * });
 * await queue.with((guard) => guard.value.push("build"));
 * filled.notifyOne();
 * console.log(await consumer); // build
 * ```
 */
export class Condvar {
  readonly #waiters = new WaitList<void>();
  readonly #name: string;

  /** @throws {TypeError} if the name is no string. */
  constructor(options?: NameOptions) {
    this.#name = named("condvar", options);
  }

  /** @internal */
  static waiting(condvar: Condvar, guard: MutexGuard<unknown>): Operation<void> {
    if (!(condvar instanceof Condvar)) throw wrongType("condvar", "a Condvar", condvar);
    return new Wait(condvar.#waiters, guard, condvar.#name);
  }

  /**
   * Releases the lock, waits to be notified, and takes the lock again. `guard` cannot be used meanwhile, and holds the lock afterwards.
   *
   * What was waited for may have changed again by the time the lock is back: {@link waitWhile} looks.
   *
   * Cancel-safe: a cancelled call has taken no notification, and throws once the lock is taken again.
   *
   * @throws {MisuseError} at the call, if `guard` does not hold its lock.
   */
  wait(guard: MutexGuard<unknown>, options?: WaitOptions): Promise<void> {
    return start(Condvar.waiting(this, guard), options);
  }

  /**
   * Waits for as long as `predicate` is true of the value, which it is given each time the lock is held.
   *
   * Cancel-safe: as {@link wait}. If it is cancelled before, the predicate is not asked.
   *
   * @throws {MisuseError} at the call, if `guard` does not hold its lock.
   */
  waitWhile<T>(guard: MutexGuard<T>, predicate: (value: T) => boolean, options?: WaitOptions): Promise<void> {
    const region = currentRegion();
    return unobserved(region, waitingWhile(this, guard, predicate, options).run(region));
  }

  /** Lets the one go on that waits longest; nothing is stored. `false` if nobody waits. */
  notifyOne(): boolean {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) (waiter.slot as Wait).notified(waiter);
    return waiter !== undefined;
  }

  /** Lets everybody go on who waits now, one after the other as they get the lock. */
  notifyAll(): void {
    while (this.notifyOne());
  }
}

/**
 * Waits to be notified, as an operation: what {@link Condvar.wait} does. A select in which it loses goes on once the lock is taken again.
 *
 * Cancel-safe: a cancelled call has taken no notification, and ends once the lock is taken again.
 *
 * @example
 * ```ts
 * const ready = new Mutex(false);
 * const changed = new Condvar();
 * const task = spawn(function* () {
 *   const guard = yield* lock(ready);
 *   while (!guard.value) yield* waitOn(changed, guard);
 *   guard[Symbol.dispose]();
 *   return "went on";
 * });
 * await yieldNow();
 * await ready.with((guard) => (guard.value = true));
 * changed.notifyAll();
 * console.log(await task); // went on
 * ```
 *
 * @throws {MisuseError} at the call, if `guard` does not hold its lock; later, if a select has two waits with one guard, or a wait and a lock
 * of the guard's own mutex.
 */
export function waitOn(condvar: Condvar, guard: MutexGuard<unknown>, options?: WaitOptions): Operation<void> {
  return withOptions(Condvar.waiting(condvar, guard), options);
}

/**
 * Waits for as long as `predicate` is true of the value, lazily: what {@link Condvar.waitWhile} does, for `yield*`.
 *
 * Cancel-safe: as {@link waitOn}.
 *
 * @example
 * ```ts
 * const tokens = new Mutex(0);
 * const added = new Condvar();
 * const task = spawn(function* () {
 *   const guard = yield* lock(tokens);
 *   yield* waitWhile(added, guard, (count) => count === 0);
 *   guard.value--;
 *   guard[Symbol.dispose]();
 *   return "took one";
 * });
 * await tokens.with((guard) => guard.value++);
 * added.notifyOne();
 * console.log(await task); // took one
 * ```
 *
 * @throws {MisuseError} at the call, if `guard` does not hold its lock.
 */
export function waitWhile<T>(
  condvar: Condvar,
  guard: MutexGuard<T>,
  predicate: (value: T) => boolean,
  options?: WaitOptions,
): LazyCall<void> {
  return waitingWhile(condvar, guard, predicate, options);
}

function waitingWhile<T>(
  condvar: Condvar,
  guard: MutexGuard<T>,
  predicate: (value: T) => boolean,
  options: WaitOptions | undefined,
): WaitWhile<T> {
  const entry = withOptions(CHECKPOINT, options);
  return new WaitWhile(entry, waitOn(condvar, guard, options), guard, checkFunction("predicate", predicate));
}

class Wait extends Queued<void> {
  readonly #guard: MutexGuard<unknown>;
  readonly #core: MutexCore<unknown>;
  readonly #name: string;
  /** The wait is in its second phase. */
  #relock: Relock | undefined = undefined;

  constructor(waiters: WaitList<void>, guard: MutexGuard<unknown>, name: string) {
    super(waiters);
    this.#guard = guard;
    this.#core = MutexGuard.held(guard);
    this.#name = name;
  }

  override try(): Pending {
    MutexGuard.held(this.#guard);
    return PENDING;
  }

  override link(waiter: Waiter<void>): void {
    MutexGuard.held(this.#guard);
    for (const other of besides(waiter)) this.#check(other);
    super.link(waiter);
    this.#core.release();
  }

  /** Refuses what would wait for this wait itself. */
  #check(other: Operation<unknown>): void {
    if (other instanceof Wait && other.#guard === this.#guard) {
      throw new MisuseError("a guard can be in one wait at a time: the select has two cases that wait with it");
    }
    if (other instanceof Lock && other.core === this.#core) {
      throw new MisuseError("a select that waits with a guard cannot lock its mutex: both would want the lock");
    }
  }

  /** Ends the first phase of `waiter`, which was taken off its list. */
  notified(waiter: Waiter<void>): void {
    const goOn = waiter.hold();
    waiter.wake();
    this.#takeAgain(waiter, goOn);
  }

  override unlink(waiter: Waiter<void>): void {
    super.unlink(waiter);
    this.#takeAgain(waiter, waiter.hold());
  }

  #takeAgain(waiter: Waiter<void>, goOn: () => void): void {
    this.#relock = new Relock(this.#core, this.#guard);
    relock(this.#relock, waiter, () => {
      this.#relock = undefined;
      goOn();
    });
  }

  /** Anybody may notify; once that is done, it is a wait for the lock. */
  override holders(): Iterable<unknown> | undefined {
    return this.#relock?.holders();
  }

  override describe(): string {
    if (this.#relock === undefined) return `wait on ${this.#name}`;
    return `${this.#relock.describe()}, after wait on ${this.#name}`;
  }
}

/** The second phase: takes the lock again for a guard that had released it, and then calls `goOn`. */
function relock(request: Relock, outer: Waiter<void>, goOn: () => void): void {
  const { core } = request;
  const guard = request.guard();
  const locked = (): void => {
    if (core.holder === guard) core.take(guard, outer);
    goOn();
  };
  if (core.holder !== undefined) new Relocking(request, outer, locked);
  else {
    // One that was disposed while it waited does not keep the lock.
    if (!MutexGuard.isDisposed(guard)) core.holder = guard;
    locked();
  }
}

/** The wait for a lock that somebody else has. */
class Relocking extends Waiter<MutexGuard<unknown>> {
  override readonly scheduler: Scheduler;
  override readonly daemon: boolean;
  readonly #locked: () => void;

  constructor(request: Relock, outer: Waiter<void>, locked: () => void) {
    super();
    this.scheduler = outer.scheduler;
    this.daemon = outer.daemon;
    this.#locked = locked;
    this.op = request;
    this.op.link(this);
  }

  override wake(): void {
    this.op = undefined;
    this.#locked();
  }

  override fail(): void {}
}

/** A request for the lock by a guard that exists. */
class Relock extends Lock<unknown> {
  readonly #guard: MutexGuard<unknown>;

  constructor(core: MutexCore<unknown>, guard: MutexGuard<unknown>) {
    super(core, false);
    this.#guard = guard;
  }

  override guard(): MutexGuard<unknown> {
    return this.#guard;
  }
}
