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
import type { Cancellation } from "./cancel-source.ts";
import type { Coroutine } from "./coroutine.ts";
import { running } from "./current.ts";
import type { Parked, Yielded } from "./step.ts";

export type AnyGenerator = Generator<Yielded, unknown, unknown>;

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
}

/** What a generator yields to have another run on top of it. It is its own iterator and its own result. */
export class Call<R> {
  readonly done = false;
  readonly value = undefined as unknown as Parked;
  readonly body: () => Generator<Yielded, R, unknown>;
  readonly bodyOf: GeneratorRegion | undefined;

  get isThrough(): boolean {
    return false;
  }

  constructor(body: () => Generator<Yielded, R, unknown>, bodyOf?: GeneratorRegion) {
    this.body = body;
    this.bodyOf = bodyOf;
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
