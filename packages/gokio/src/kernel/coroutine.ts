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
import { advance, cancellationOf, pollSlow, resume, withdraw } from "./advance.ts";
import type { Cancellation } from "./cancel-source.ts";
import { ATTENTION, DAEMON, FAILED, INTERRUPTED, LINKED, NEW, RETRY, WAITING } from "./coroutine-flags.ts";
import type { AnyGenerator, Frame, GeneratorRegion } from "./frame.ts";
import { misuseOf, type Operation } from "./operation.ts";
import type { Locals, Region } from "./region.ts";
import type { Scheduler } from "./scheduler.ts";
import { PARKED, PENDING, ready } from "./step.ts";
import { DrivenWaiter } from "./waiter.ts";

export abstract class Coroutine extends DrivenWaiter {
  override readonly scheduler: Scheduler;
  gen: AnyGenerator | undefined = undefined;
  frame: Frame | undefined = undefined;
  region: (Region & GeneratorRegion) | undefined = undefined;

  constructor(scheduler: Scheduler) {
    super();
    this.flags = NEW;
    this.scheduler = scheduler;
  }

  /** Called at the first poll, to set `gen`, or to run in another way. */
  abstract begin(): void;
  /** Called when the generator is through; the outcome is in `slot` and `flags`. */
  abstract end(): void;
  /** Called when cleanup threw `error`, which must not be lost though unwinding goes on. */
  abstract cleanupFailed(error: unknown): void;
  /** What has aborted it. */
  abstract get cancellation(): Cancellation | undefined;
  /** Called when a promise wait of its is refused, or rejected, because it was aborted. */
  abstract refused(): void;
  /** The region that a promise wait started by this task belongs to. */
  abstract currentRegion(): Region;

  /** The task-locals in force where it is now. */
  abstract get locals(): Locals | undefined;
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
    try {
      op.link(this);
    } catch (error) {
      this.op = this.slot = undefined;
      throw error;
    }
    this.flags |= LINKED;
    // Linking may call user code, to add a listener, and that may abort.
    if ((this.flags & INTERRUPTED) !== 0) this.interrupt();
    return PARKED;
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
    if ((this.flags & WAITING) !== 0) {
      withdraw(this);
      throw misuseOf(op);
    }
    // The abort is met here: yielding unparked makes `advance` unwind.
    if (cancellationOf(this) !== undefined) return PARKED;
    if (this.scheduler.budget.credit < 0 && this.scheduler.budget.isExhausted()) {
      this.op = op;
      this.flags |= RETRY;
      this.scheduler.enqueue(this);
      return PARKED;
    }
    const value = op.try();
    return value === PENDING ? this.park(op) : ready(value);
  }

  /** Something this coroutine is inside of was cancelled. Ends its wait without an outcome, if that reaches it. */
  interrupt(): void {
    this.flags |= INTERRUPTED;
    if ((this.flags & LINKED) !== 0 && cancellationOf(this) !== undefined) this.leave();
  }

  run(): void {
    if ((this.flags & ATTENTION) !== 0) pollSlow(this);
    else advance(this, resume(this));
  }
}
