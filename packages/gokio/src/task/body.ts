/**
 * The types of task bodies: async functions, generator functions, and what they return.
 *
 * @module
 */
import type { Parked } from "../kernel/step.ts";

/** The return type of a generator body whose result is a `T`: `function* worker(): Task<number>`. */
export type Task<T> = Generator<Parked, T, unknown>;

/** What the task that runs a body with this return type results in. */
export type Outcome<R> = R extends Generator<unknown, infer T, never> ? T : Awaited<R>;

/** Makes bodies that cannot work a type error that says why. */
export type CheckBody<R> =
  R extends AsyncGenerator<unknown, unknown, never>
    ? "an async generator function cannot be a task body: use an async function or a generator function"
    : R extends Generator<infer Y, unknown, never>
      ? [Y] extends [Parked]
        ? unknown
        : "the body yields something that is no operation: write yield* instead of yield"
      : unknown;

/** What a task body is given: itself, seen from inside. */
export interface Self {
  readonly id: number;
  readonly name: string | undefined;
  /** Aborts when the task is aborted, for code that takes an AbortSignal. */
  readonly signal: AbortSignal;
}

export type Body<R> = ((self: Self) => R) & CheckBody<R>;
export type AnyBody = (self: Self) => unknown;

const generatorFunction = Object.getPrototypeOf(function* () {});
const asyncFunction = Object.getPrototypeOf(async () => {});

/** Whether calling `body` makes a generator, and so runs none of its code. */
export function isGeneratorFunction(body: object): boolean {
  return Object.getPrototypeOf(body) === generatorFunction;
}

export function isAsyncFunction(body: object): boolean {
  return Object.getPrototypeOf(body) === asyncFunction;
}

const generator: object = generatorFunction.prototype;

export function isGenerator(value: unknown): value is Task<unknown> {
  return value !== null && typeof value === "object" && Object.prototype.isPrototypeOf.call(generator, value);
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
