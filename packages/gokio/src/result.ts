/**
 * Result: a failure as a value, with its type.
 *
 * `yield*` on one is what `?` is in Rust. An `Ok` is unwrapped. An `Err` makes the innermost body return it: of a task, a `call`, an
 * `attempt` or a block; helpers run by plain `yield*` are part of that body. `finally` blocks run on the way, `catch` blocks do not, for nothing
 * was thrown. The `Err` is part of the generator's yield type, so the body's outcome has it without being told.
 *
 * @module
 */
import { checkFunction, show } from "./errors.ts";
import { Leave } from "./kernel/leave.ts";
import type { Leaving } from "./kernel/step.ts";

/** A success with its value, or a failure with its error. */
export type Result<T, E> = Ok<T> | Err<E>;

// The methods of the two classes are written so that those of a union of them can be called: of each pair, one says what is taken, and the
// other takes `unknown`, which adds nothing to it.

/** A success. Made by {@link ok}. */
export class Ok<T> {
  /** What there was to be had. */
  readonly value: T;

  /** @internal */
  constructor(value: T) {
    this.value = value;
  }

  /** Whether this is a success; narrows the type. */
  isOk(): this is Ok<T> {
    return true;
  }

  /** Whether this is a failure; narrows the type. */
  isErr(): this is never {
    return false;
  }

  /** The value changed by `change`; an `Err` stays as it is. */
  map<U>(change: (value: T) => U): Ok<U> {
    return new Ok(checkFunction("change", change)(this.value));
  }

  /** The error changed by `change`; an `Ok` stays as it is. */
  mapErr(change: unknown): this {
    checkFunction("change", change);
    return this;
  }

  /** The result of `then` for the value; an `Err` stays as it is. */
  andThen<R extends Result<unknown, unknown>>(then: (value: T) => R): R {
    return checkFunction("then", then)(this.value);
  }

  /** The result of `otherwise` for the error; an `Ok` stays as it is. */
  orElse(otherwise: unknown): this {
    checkFunction("otherwise", otherwise);
    return this;
  }

  /** The value. @throws the error of an `Err`. */
  unwrap(): T {
    return this.value;
  }

  /** The value, or `fallback` for an `Err`. */
  unwrapOr(_fallback: unknown): T {
    return this.value;
  }

  /** The value, or what `fallback` makes of the error. */
  unwrapOrElse(fallback: unknown): T {
    checkFunction("fallback", fallback);
    return this.value;
  }

  /** What `cases.ok` makes of the value, or `cases.err` of the error. */
  match<A, B>(cases: { readonly ok: (value: T) => A; readonly err: unknown }): A | B {
    checkFunction("cases.err", cases?.err);
    return checkFunction("cases.ok", cases?.ok)(this.value);
  }

  /** `yield*` unwraps the value. */
  [Symbol.iterator](): Iterator<never, T, unknown> {
    return new Unwrapped(this.value);
  }
}

/** A failure. Made by {@link err}. */
export class Err<E> {
  /** Why there is no value. */
  readonly error: E;

  /** @internal */
  constructor(error: E) {
    this.error = error;
  }

  /** Whether this is a success; narrows the type. */
  isOk(): this is never {
    return false;
  }

  /** Whether this is a failure; narrows the type. */
  isErr(): this is Err<E> {
    return true;
  }

  /** The value changed by `change`; an `Err` stays as it is. */
  map(change: unknown): this {
    checkFunction("change", change);
    return this;
  }

  /** The error changed by `change`; an `Ok` stays as it is. */
  mapErr<F>(change: (error: E) => F): Err<F> {
    return new Err(checkFunction("change", change)(this.error));
  }

  /** The result of `then` for the value; an `Err` stays as it is. */
  andThen(then: unknown): this {
    checkFunction("then", then);
    return this;
  }

  /** The result of `otherwise` for the error; an `Ok` stays as it is. */
  orElse<R extends Result<unknown, unknown>>(otherwise: (error: E) => R): R {
    return checkFunction("otherwise", otherwise)(this.error);
  }

  /** The value. @throws the error of an `Err`: itself if it is an Error, else as the cause of one. */
  unwrap(): never {
    if (this.error instanceof Error) throw this.error;
    throw new Error(`unwrap of err(${show(this.error)})`, { cause: this.error });
  }

  /** The value, or `fallback` for an `Err`. */
  unwrapOr<U>(fallback: U): U {
    return fallback;
  }

  /** The value, or what `fallback` makes of the error. */
  unwrapOrElse<U>(fallback: (error: E) => U): U {
    return checkFunction("fallback", fallback)(this.error);
  }

  /** What `cases.ok` makes of the value, or `cases.err` of the error. */
  match<A, B>(cases: { readonly ok: unknown; readonly err: (error: E) => B }): A | B {
    checkFunction("cases.ok", cases?.ok);
    return checkFunction("cases.err", cases?.err)(this.error);
  }

  /** `yield*` makes the innermost body return this. */
  [Symbol.iterator](): Iterator<Leaving<Err<E>>, never, unknown> {
    return new Leave<Err<E>>(this);
  }
}

/** Its own result: what `yield*` on an `Ok` costs is one object. */
class Unwrapped<T> {
  readonly done = true;
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  next(): this {
    return this;
  }
}

/**
 * A success.
 *
 * @example
 * ```ts
 * function parse(text: string): Result<number, string> {
 *   const n = Number(text);
 *   return Number.isNaN(n) ? err(`${text} is no number`) : ok(n);
 * }
 * const sum = spawn(function* () {
 *   const a = yield* parse("1");
 *   const b = yield* parse("two");
 *   return ok(a + b);
 * });
 * console.log(String((await sum).match({ ok: (n) => n, err: (why) => why }))); // two is no number
 * ```
 */
export function ok(): Ok<void>;
export function ok<T>(value: T): Ok<T>;
export function ok(value?: unknown): Ok<unknown> {
  return new Ok(value);
}

/**
 * A failure.
 *
 * @example
 * ```ts
 * console.log(err("no such file").unwrapOr("empty")); // empty
 * console.log(err(404).orElse((code) => (code === 404 ? ok("a new one") : err(code))).unwrap()); // a new one
 * ```
 */
export function err(): Err<void>;
export function err<E>(error: E): Err<E>;
export function err(error?: unknown): Err<unknown> {
  return new Err(error);
}
