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
}

export class Frame {
  readonly parent: Frame | undefined;
  readonly parentGen: AnyGenerator;
  /** The region this frame is the body of, if it is one. */
  readonly bodyOf: GeneratorRegion | undefined;
  /** Whether this frame is being returned from, and then the region whose end it is; `undefined` is the whole task. */
  returning = false;
  landing: GeneratorRegion | undefined = undefined;

  constructor(parent: Frame | undefined, parentGen: AnyGenerator, bodyOf: GeneratorRegion | undefined) {
    this.parent = parent;
    this.parentGen = parentGen;
    this.bodyOf = bodyOf;
  }
}

/** What a generator yields to have another run on top of it. It is its own iterator and its own result. */
export class Call<R> {
  readonly done = false;
  readonly value = undefined as unknown as Parked;
  readonly body: () => Generator<Yielded, R, unknown>;
  readonly bodyOf: GeneratorRegion | undefined;

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
