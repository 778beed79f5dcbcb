/**
 * The types of task bodies: async functions, generator functions, and what they return.
 *
 * @module
 */
import { MisuseError, wrongType } from "../errors.ts";
import { generatorFunction } from "../kernel/advance.ts";
import type { AnyGenerator } from "../kernel/frame.ts";
import type { Leaving, Parked, Yielded } from "../kernel/step.ts";
import type { Err } from "../result.ts";

/** The return type of a generator body whose result is a `T`: `function* worker(): Task<number>`. */
export type Task<T> = Generator<Parked | Leaving<ErrIn<T>>, T, unknown>;

/** The part of `T` that a `Task<T>` may be left with early: its errors; anything, where nothing is known of `T`. */
type ErrIn<T> = T extends Err<unknown> ? T : unknown extends T ? T : never;

/** What the task that runs a body with this return type results in: what it returns, and each `Err` that `yield*` may leave it with. */
export type Outcome<R> = R extends Generator<infer Y, infer T, never> ? T | LeftWith<Y> : Awaited<R>;
type LeftWith<Y> = Y extends Leaving<infer O> ? O : never;

/** What a generator body yields: nothing, where it is none. */
export type YieldOf<R> = R extends Generator<infer Y, unknown, never> ? Y : never;
/** What a body returns by itself, without what it may be left with. */
export type ReturnOf<R> = R extends Generator<unknown, infer T, never> ? T : Awaited<R>;

/** Makes bodies that cannot work a type error that says why. */
export type CheckBody<R> = [R] extends [never]
  ? unknown
  : R extends AsyncGenerator<unknown, unknown, never>
    ? "an async generator function cannot be a task body: use an async function or a generator function"
    : R extends Generator<infer Y, unknown, never>
      ? [Y] extends [Yielded]
        ? unknown
        : "the body yields something that is no operation: write yield* instead of yield"
      : unknown;

/** What a task body is given: itself, seen from inside. */
export interface Self {
  /** A number no other task of the process has. */
  readonly id: number;
  /** What the task was named in its options. */
  readonly name: string | undefined;
  /** Aborts when the task is aborted, for code that takes an AbortSignal. */
  readonly signal: AbortSignal;
}

/** What `spawn` takes: an async function, a generator function, or a plain one. */
export type Body<R> = ((self: Self) => R) & CheckBody<R>;
export type AnyBody = (self: Self) => unknown;

/** What becomes a task: a body, or the generator of one, which has not begun. */
export type Spawned = AnyBody | AnyGenerator;

const ASYNC_GENERATOR = "a body cannot be an async generator";

/** Whether calling `body` makes a generator, and so runs none of its code. */
export function isGeneratorFunction(body: object): boolean {
  return Object.getPrototypeOf(body) === generatorFunction;
}

/** @throws {MisuseError} for an async generator: nothing here can run one. */
export function isGenerator(value: unknown): value is Task<unknown> {
  if (Object(value)[Symbol.toStringTag] === "AsyncGenerator") throw new MisuseError(ASYNC_GENERATOR);
  return Object.prototype.isPrototypeOf.call(generatorFunction.prototype, value as object);
}

/** @throws {TypeError} if `body` can be no task's. */
export function checkSpawned(body: Spawned): Spawned {
  if (typeof body === "function" || isGenerator(body)) return body;
  throw wrongType("body", "a function", body);
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
