/**
 * The frames of a generator task above its body: one for each nested call in progress.
 *
 * A call does not run inside its caller, it runs on top of it: the scheduler resumes the topmost generator directly, however deep the
 * stack is. The body itself has no frame object, so a task that never calls pays nothing.
 *
 *     task.gen ──▶ topmost generator          task.frame ──▶ frame ──parent──▶ frame ──parent──▶ undefined (the body)
 *
 * @module
 */

import { MisuseError } from "../errors.ts";
import { resume, returnFrom, threw } from "./advance.ts";
import type { Cancellation } from "./cancel-source.ts";
import type { Coroutine } from "./coroutine.ts";
import { FAILED } from "./coroutine-flags.ts";
import { running, setRunning } from "./current.ts";
import { Command, type Parked, type Yielded } from "./step.ts";

export type AnyGenerator<T = unknown> = Generator<Yielded, T, unknown>;

/** A region that a generator task has entered: what its coroutine has to know of it. */
export interface GeneratorRegion {
  readonly outer: GeneratorRegion | undefined;
  readonly cancellation: Cancellation | undefined;
  readonly shielded: boolean;
  /** The unwinding of this region has begun; waits from here on are its cleanup, which cancellation does not reach. */
  unwound: boolean;
  /** What cleanup threw in the frames above its body. */
  cleanupErrors: unknown[] | undefined;
}

/** An outcome on its way down. */
export interface Onward {
  readonly outcome: unknown;
}

export class Frame {
  readonly parent: Frame | undefined;
  readonly parentGen: AnyGenerator;
  /** The region this frame is the body of, if it is one. */
  readonly bodyOf: GeneratorRegion | undefined;
  /** Whether this frame is being returned from, and then the region whose end it is; `undefined` is the whole task. */
  returning = false;
  landing: GeneratorRegion | undefined = undefined;
  /** What the generator below is returned from with, too, once this frame has ended well: that of a {@link Leave}, or of a {@link Cleanup}. */
  onward: Onward | undefined = undefined;
  /** Whether a {@link Leave} in this frame does not end in it. */
  readonly isThrough: boolean;

  constructor(parent: Frame | undefined, parentGen: AnyGenerator, call: Call<unknown>) {
    this.parent = parent;
    this.parentGen = parentGen;
    this.bodyOf = call.bodyOf;
    this.isThrough = call.isThrough;
  }

  /** Its generator is about to be returned from, for the end of `landing` or of the whole task. */
  startReturning(landing: GeneratorRegion | undefined): void {
    this.returning = true;
    this.landing = landing;
  }

  /** Its generator is about to return `outcome` early; what is below returns with it, if this frame lets it through. */
  leave(outcome: unknown): void {
    if (this.isThrough) this.onward = { outcome };
  }

  /** Its generator has ended: uncovers the one below, and moves that on. */
  ended(task: Coroutine): IteratorResult<unknown, unknown> | undefined {
    task.gen = this.parentGen;
    task.frame = this.parent;
    const onward = this.returning ? this.#unwindOn(task) : this.onward && goOnward(task, this.onward);
    return onward === undefined ? resume(task) : returnFrom(task, onward.outcome);
  }

  /** What the generator below is to be returned from with; nothing, if unwinding ends there. */
  #unwindOn(task: Coroutine): Onward | undefined {
    const { landing } = this;
    const failed = (task.flags & FAILED) !== 0;
    if (landing !== undefined && this.bodyOf === landing) {
      land(task, landing, failed);
      return undefined;
    }
    if (failed) {
      // Kept aside, for unwinding goes on.
      task.flags &= ~FAILED;
      if (landing === undefined) task.cleanupFailed(task.slot);
      else {
        landing.cleanupErrors ??= [];
        landing.cleanupErrors.push(task.slot);
      }
    }
    task.slot = undefined;
    task.frame?.startReturning(landing);
    return ABORTED_WITH;
  }
}

const ABORTED_WITH: Onward = { outcome: undefined };

function goOnward(task: Coroutine, onward: Onward): Onward | undefined {
  // What failed on its way, or was given another value by a `finally` block, goes no further.
  const isCleanup = onward instanceof Cleanup;
  if ((task.flags & FAILED) !== 0 || (!isCleanup && task.slot !== onward.outcome)) return undefined;
  task.slot = undefined;
  task.frame?.leave(onward.outcome);
  return onward;
}

/** The call of a region's body throws: what cleanup threw on the way, or else the cancellation. */
function land(task: Coroutine, region: GeneratorRegion, failed: boolean): void {
  const errors = region.cleanupErrors ?? [];
  region.cleanupErrors = undefined;
  if (failed) errors.push(task.slot);
  if (errors.length === 0) threw(task, region.cancellation?.error);
  else threw(task, errors.length === 1 ? errors[0] : new AggregateError(errors, "several cleanups failed"));
}

/** What a generator yields to have another run on top of it. It is its own iterator and its own result. */
export class Call<R> extends Command {
  readonly value = undefined as unknown as Parked;
  readonly body: () => Generator<Yielded, R, unknown>;
  readonly bodyOf: GeneratorRegion | undefined;

  get isThrough(): boolean {
    return false;
  }

  constructor(body: () => Generator<Yielded, R, unknown>, bodyOf?: GeneratorRegion) {
    super();
    this.body = body;
    this.bodyOf = bodyOf;
  }

  override goOn(task: Coroutine): IteratorResult<unknown, unknown> | undefined {
    setRunning(task);
    try {
      const gen = this.body();
      task.frame = this.frame(task);
      task.gen = gen;
    } catch (error) {
      threw(task, error);
    }
    setRunning(undefined);
    return resume(task);
  }

  protected frame(task: Coroutine): Frame {
    return new Frame(task.frame, task.gen as AnyGenerator, this);
  }

  [Symbol.iterator](): Iterator<Parked, R, unknown> {
    return this as unknown as Iterator<Parked, R, unknown>;
  }

  next(resumed?: unknown): IteratorResult<Parked, R> {
    const task: Coroutine | undefined = running;
    if (task === undefined) throw new MisuseError(OUTSIDE);
    return (resumed === undefined ? this : task.takeOutcome()) as IteratorResult<Parked, R>;
  }
}

const OUTSIDE = "call: it can be driven by yield* only, and only in the generator of a task";

/** A call whose body is part of the caller's: a {@link Leave} in it leaves the caller, too. */
export class ThroughCall<R> extends Call<R> {
  override get isThrough(): boolean {
    return true;
  }
}

/** A call that is made on the way out: afterwards the generator below is returned from again, with `outcome`. */
export class Cleanup extends Call<unknown> {
  readonly outcome: unknown;

  constructor(body: () => Generator<Yielded, unknown, unknown>, outcome: unknown) {
    super(body);
    this.outcome = outcome;
  }

  protected override frame(task: Coroutine): Frame {
    const frame = super.frame(task);
    frame.onward = this;
    return frame;
  }
}

/**
 * A generator with cleanup that waits, for the library's own constructs.
 *
 * The language forgets a `return()` when a generator that was delegated to yields in its `finally` block: once that has ended, the one that
 * delegates goes on after its `yield*` as if nothing had been. So such cleanup is no `finally` block: at the first `return()`, it is yielded to the
 * scheduler as a call, after which that calls `return()` again.
 */
export class Guarded<Y, T> implements Iterator<Y, T, unknown> {
  readonly #gen: Generator<Y, T, unknown>;
  #isLeaving = false;
  #cleanup: (() => Generator<Yielded, unknown, unknown> | undefined) | undefined;

  /** `cleanup` is asked once, when `gen` is returned from; `gen` then must not wait any more. */
  constructor(gen: Generator<Y, T, unknown>, cleanup: () => Generator<Yielded, unknown, unknown> | undefined) {
    this.#gen = gen;
    this.#cleanup = cleanup;
  }

  next(resumed?: unknown): IteratorResult<Y, T> {
    if (!this.#isLeaving) return this.#gen.next(resumed);
    // The cleanup threw, or there would have been another return().
    this.#gen.return(undefined as T);
    return (running as Coroutine).takeOutcome() as IteratorReturnResult<T>;
  }

  throw(error: unknown): IteratorResult<Y, T> {
    return this.#gen.throw(error);
  }

  return(outcome?: unknown): IteratorResult<Y, T> {
    const rest = this.#cleanup?.();
    this.#cleanup = undefined;
    if (rest === undefined) return this.#gen.return(outcome as T);
    this.#isLeaving = true;
    return new Cleanup(() => rest, outcome) as unknown as IteratorYieldResult<Y>;
  }
}
