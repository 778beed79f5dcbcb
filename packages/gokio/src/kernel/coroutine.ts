/**
 * The yield* driver: a generator run by the scheduler, which is its own waiter.
 *
 * Resuming calls `next` on the topmost generator with the coroutine itself; the operation it is suspended in takes the outcome from
 * `slot` and hands it to the generator, or throws it. So a park and a wake allocate nothing.
 *
 *                        ┌────────────── wake, fail ──────────────┐
 *     NEW ──▶ running ──▶ LINKED ── cancelled ──▶ RETRY ──▶ (unwinding) ──▶ ENDED
 *                │  ▲                               ▲
 *                │  └──────────── run queue ────────┤
 *                └── budget spent before a try ─────┘
 *
 * 1. Cancellation reaches only an unsettled wait. One that was already woken goes on with its value; `INTERRUPTED` or `ABORTED`
 *    makes the next wait look.
 * 2. A cancelled wait is unlinked at once, and the coroutine queued first, as RETRY. When its turn comes it is unwound instead: `return()`
 *    on the topmost generator, then on each below, down to the body of the outermost region that is cancelled, or of the
 *    task. `finally` blocks run, `catch` blocks do not.
 * 3. Cleanup is shielded: a region that is being unwound is marked so, and nothing outside it reaches the waits inside.
 *    What arrives meanwhile is met by the first wait after it.
 * 4. The unwinding of a region ends in the generator that entered it, where the call of its body throws.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import type { Budget } from "./budget.ts";
import {
  ABORTED,
  ATTENTION,
  DAEMON,
  FAILED,
  INTERRUPTED,
  LINKED,
  NEW,
  RETRY,
  RETURNING,
  UNWINDING,
} from "./coroutine-flags.ts";
import { setRunning } from "./current.ts";
import { type AnyGenerator, Call, Frame, type GeneratorRegion } from "./frame.ts";
import type { Operation } from "./operation.ts";
import type { Region } from "./region.ts";
import type { Scheduler } from "./scheduler.ts";
import { PARKED, PENDING, ready } from "./step.ts";
import { unlinked, Waiter } from "./waiter.ts";

const NEXT = 0;
const RETURN = 1;
const THROW = 2;
type How = typeof NEXT | typeof RETURN | typeof THROW;
const STRAY_YIELD = "a task yielded something that is no operation: write yield* instead of yield";

const TASK = "task";
type Unwinding = GeneratorRegion | typeof TASK;

export abstract class Coroutine extends Waiter {
  override readonly scheduler: Scheduler;
  readonly budget: Budget;
  flags: number = NEW;
  gen: AnyGenerator | undefined = undefined;
  frame: Frame | undefined = undefined;
  region: (Region & GeneratorRegion) | undefined = undefined;

  constructor(scheduler: Scheduler) {
    super();
    this.scheduler = scheduler;
    this.budget = scheduler.budget;
  }

  /** Called at the first poll, to set `gen`, or to run in another way. */
  protected abstract begin(): void;
  /** Called when the generator is through; the outcome is in `slot` and `flags`. */
  protected abstract end(): void;
  /** Called when cleanup threw `error`, which must not be lost though unwinding goes on. */
  protected abstract cleanupFailed(error: unknown): void;
  /** The region that a promise wait started by this task belongs to. */
  abstract currentRegion(): Region;

  /** Calls code that may be async, in the context of this task instead of the scheduler's. */
  abstract callForeign<R>(body: () => R): R;

  override get daemon(): boolean {
    return (this.flags & DAEMON) !== 0;
  }

  get runsUserCode(): boolean {
    return true;
  }

  // ── the two faces of a wait ──

  /** Links the coroutine to what `op` waits for, and yields. */
  park(op: Operation<unknown>): typeof PARKED {
    this.op = op;
    op.link(this);
    this.flags |= LINKED;
    return PARKED;
  }

  override wake(value: unknown): void {
    this.op = undefined;
    this.flags &= ~LINKED;
    this.slot = value;
    this.scheduler.enqueue(this);
  }

  override fail(error: unknown): void {
    this.flags |= FAILED;
    this.wake(error);
  }

  /** The outcome of the wait the generator is suspended in, as the result of its `next`. */
  takeOutcome(): IteratorReturnResult<unknown> {
    const outcome = this.slot;
    this.slot = undefined;
    if ((this.flags & FAILED) === 0) return ready(outcome);
    this.flags &= ~FAILED;
    throw outcome;
  }

  /** What `next` does when there is something to look at before `op` may be tried. */
  driveSlow(op: Operation<unknown>): IteratorResult<unknown, unknown> {
    if ((this.flags & (LINKED | RETRY)) !== 0) {
      this.#withdraw();
      throw new MisuseError(`${op.describe()}: drive an operation with yield*; a for…of loop cannot wait`);
    }
    // The abort is met here: yielding unparked makes `advance` unwind.
    if (this.#cancellation() !== undefined) return PARKED;
    if (this.budget.credit < 0 && this.budget.isExhausted()) {
      this.op = op;
      this.flags |= RETRY;
      this.scheduler.enqueue(this);
      return PARKED;
    }
    const value = op.try();
    return value === PENDING ? this.park(op) : ready(value);
  }

  /** Something this coroutine is inside of was cancelled. Unlinks its wait, if that reaches it. */
  interrupt(): void {
    this.flags |= INTERRUPTED;
    if ((this.flags & LINKED) === 0 || this.#cancellation() === undefined) return;
    const op = this.op as Operation<unknown>;
    op.unlink(this);
    this.slot = undefined;
    this.flags = (this.flags & ~LINKED) | RETRY;
    this.scheduler.enqueueFirst(this);
    unlinked(op);
  }

  /** What the next wait is to be unwound for, if anything: the outermost cancelled thing that no shield or cleanup keeps off. */
  #cancellation(): Unwinding | undefined {
    if ((this.flags & (INTERRUPTED | ABORTED)) === 0) return undefined;
    let found: Unwinding | undefined;
    for (let region: GeneratorRegion | undefined = this.region; region !== undefined; region = region.outer) {
      if (region.unwound) return found;
      if (region.error !== undefined) found = region;
      if (region.shielded) return found;
    }
    return (this.flags & (ABORTED | UNWINDING)) === ABORTED ? TASK : found;
  }

  // ── polling ──

  run(): void {
    if ((this.flags & ATTENTION) === 0) this.#advance(false);
    else this.#runSlow();
  }

  #runSlow(): void {
    if ((this.flags & NEW) !== 0) {
      this.flags &= ~NEW;
      this.begin();
      if (this.gen !== undefined) this.#advance(false);
      return;
    }
    if ((this.flags & RETRY) === 0) {
      this.#advance(false);
      return;
    }
    const op = this.op as Operation<unknown>;
    this.op = undefined;
    this.flags &= ~RETRY;
    const reason = this.#cancellation();
    if (reason !== undefined) {
      this.#beginUnwinding(reason);
      this.#advance(true);
    } else if (this.#retry(op)) this.#advance(false);
  }

  /** Tries `op`; `false` if the coroutine is parked on it again. */
  #retry(op: Operation<unknown>): boolean {
    try {
      const value = op.try();
      if (value !== PENDING) this.slot = value;
      else this.park(op);
      return value !== PENDING;
    } catch (error) {
      this.slot = error;
      this.flags |= FAILED;
      return true;
    }
  }

  /** Runs the topmost generator, and each one uncovered, until one parks or all have ended. */
  #advance(unwind: boolean): void {
    let how: How = unwind ? RETURN : NEXT;
    for (;;) {
      const step = this.#resume(how);
      how = NEXT;
      if (step !== undefined && step.done !== true) {
        if ((this.flags & (LINKED | RETRY)) !== 0) return;
        if (step === PARKED) {
          this.#beginUnwinding(this.#cancellation() as Unwinding);
          how = RETURN;
        } else if (step instanceof Call) this.#push(step);
        else how = THROW;
        continue;
      }
      if ((this.flags & (LINKED | RETRY)) !== 0) this.#withdraw();
      if (step !== undefined) this.slot = step.value;
      if (this.frame === undefined) {
        this.end();
        return;
      }
      if (this.#pop(this.frame)) how = RETURN;
    }
  }

  /** One step of the topmost generator; `undefined` if it threw, with the error in `slot`. */
  #resume(how: How): IteratorResult<unknown, unknown> | undefined {
    const gen = this.gen as AnyGenerator;
    setRunning(this);
    try {
      if (how === NEXT) return gen.next(this);
      return how === RETURN ? gen.return(undefined) : gen.throw(new MisuseError(STRAY_YIELD));
    } catch (error) {
      this.slot = error;
      this.flags |= FAILED;
      return undefined;
    } finally {
      setRunning(undefined);
    }
  }

  /** Gives up a wait that the generator turned its back on. */
  #withdraw(): void {
    const op = this.op as Operation<unknown>;
    this.op = undefined;
    if ((this.flags & LINKED) !== 0) op.unlink(this);
    this.flags &= ~(LINKED | RETRY);
    this.slot = undefined;
    unlinked(op);
  }

  // ── frames ──

  #push(call: Call<unknown>): void {
    try {
      const gen = call.body();
      this.frame = new Frame(this.frame, this.gen as AnyGenerator, call.bodyOf);
      this.gen = gen;
    } catch (error) {
      this.slot = error;
      this.flags |= FAILED;
    }
  }

  /** Uncovers the generator below one that has ended; `true` if that is to be returned from too. */
  #pop(ended: Frame): boolean {
    this.gen = ended.parentGen;
    this.frame = ended.parent;
    if (!ended.returning) return false;
    const landing = ended.landing;
    if ((this.flags & FAILED) === 0) this.slot = undefined;
    if (landing !== undefined && ended.bodyOf === landing) {
      if ((this.flags & FAILED) === 0) this.slot = landing.error;
      this.flags |= FAILED;
      return false;
    }
    this.#settleCleanup();
    this.#markReturning(landing);
    return true;
  }

  #beginUnwinding(reason: Unwinding): void {
    const landing = reason === TASK ? undefined : reason;
    for (let region: GeneratorRegion | undefined = this.region; region !== undefined; region = region.outer) {
      region.unwound = true;
      if (region === landing) break;
    }
    if (landing === undefined) this.flags |= UNWINDING;
    this.#markReturning(landing);
  }

  #markReturning(landing: GeneratorRegion | undefined): void {
    if (this.frame === undefined) {
      this.flags |= RETURNING;
      return;
    }
    this.frame.returning = true;
    this.frame.landing = landing;
  }

  /** A frame that was being returned from has ended: what it threw is kept aside, for unwinding goes on. */
  #settleCleanup(): void {
    if ((this.flags & FAILED) === 0) return;
    this.flags &= ~FAILED;
    this.cleanupFailed(this.slot);
    this.slot = undefined;
  }
}
