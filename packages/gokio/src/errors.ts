/**
 * Every error gokio throws, and the checks that throw the two built-in ones.
 *
 * Three families: a wait that was cancelled ({@link CancelledError}), an end that is gone ({@link ClosedError} and its kin),
 * and code that holds the library wrong ({@link MisuseError}, `TypeError`, `RangeError`). Misuse is thrown where the call was
 * made, never delivered later.
 *
 * @module
 */

/**
 * Why a deadline cancelled: it is the reason of a cancellation, and the `cause` of the error that its waits throw. That error is a
 * {@link CancelledError} named `"TimeoutError"`, so what to ask of an error that was caught is its `name`.
 */
export class TimeoutError extends Error {
  override get name(): string {
    return "TimeoutError";
  }
}

/**
 * A wait that was cancelled. `cause` is the reason given by whoever cancelled.
 *
 * Its `name` is the platform's: `"TimeoutError"` where a deadline cancelled, whose `cause` is then a {@link TimeoutError};
 * `"AbortError"` otherwise. One cancellation makes one error, which every wait it reaches shares.
 *
 * @example
 * ```ts
 * const token = new CancellationToken();
 * token.cancel("enough");
 * try {
 *   await sleep(60_000, { signal: token });
 * } catch (error) {
 *   if (error instanceof CancelledError) console.log(error.name, error.cause); // AbortError enough
 * }
 * ```
 */
export class CancelledError extends Error {
  /** `"TimeoutError"` where a deadline cancelled. */
  override readonly name: "AbortError" | "TimeoutError";
  constructor(
    reason?: unknown,
    name: "AbortError" | "TimeoutError" = isTimeout(reason) ? "TimeoutError" : "AbortError",
  ) {
    super(describeReason(reason), reason === undefined ? undefined : { cause: reason });
    this.name = name;
  }
}

function isTimeout(reason: unknown): boolean {
  return (reason as { name?: unknown } | null | undefined)?.name === "TimeoutError";
}

function describeReason(reason: unknown): string {
  const text = reason instanceof Error ? reason.message || reason.name : show(reason);
  return `the wait was cancelled${reason === undefined ? "" : `: ${text}`}`;
}

/**
 * The other end is gone: nothing more will come, or nobody will take what is sent.
 *
 * @example
 * ```ts
 * const ch = chan<string>();
 * ch.close();
 * try {
 *   await ch.recv();
 * } catch (error) {
 *   if (error instanceof ClosedError) console.log(error.message); // chan(0) is closed
 * }
 * ```
 */
export class ClosedError extends Error {
  override get name(): string {
    return "ClosedError";
  }
  constructor(what: string) {
    super(`${what} is closed`);
  }
}

/**
 * A send that could not be made; `value` is the caller's again.
 *
 * @example
 * ```ts
 * const ch = chan<string>();
 * ch.close();
 * try {
 *   await ch.send("precious");
 * } catch (error) {
 *   if (error instanceof SendError) console.log(error.value); // precious
 * }
 * ```
 */
export class SendError<T> extends ClosedError {
  override get name(): string {
    return "SendError";
  }
  /** What was not sent. */
  readonly value: T;

  constructor(what: string, value: T) {
    super(what);
    this.value = value;
  }
}

/** A broadcast receiver was too slow: `missed` messages were overwritten before it came to them. */
export class LaggedError extends Error {
  override get name(): string {
    return "LaggedError";
  }
  /** How many messages were overwritten. */
  readonly missed: number;

  constructor(missed: number) {
    super(
      `the receiver lagged: ${missed} message${missed === 1 ? " was" : "s were"} overwritten before it came to them`,
    );
    this.missed = missed;
  }
}

/**
 * The task that was joined had been aborted; `cause` is the abort.
 *
 * @example
 * ```ts
 * const handle = spawn(async () => sleep(60_000), { name: "worker" });
 * handle.abort("enough");
 * try {
 *   await handle;
 * } catch (error) {
 *   if (error instanceof JoinAbortedError) console.log(error.message); // task 1 (worker) was aborted
 * }
 * ```
 */
export class JoinAbortedError extends Error {
  override get name(): string {
    return "JoinAbortedError";
  }
  constructor(task: string, cause: unknown) {
    super(`${task} was aborted`, { cause });
  }
}

/**
 * The library was held wrong; `message` says how to hold it.
 *
 * @example
 * ```ts
 * try {
 *   for (const _ of sleep(10)) break;
 * } catch (error) {
 *   console.log(error instanceof MisuseError); // true
 * }
 * ```
 */
export class MisuseError extends Error {
  override get name(): string {
    return "MisuseError";
  }
}

/** Returns `value` if it is a whole number within the bounds. */
export function checkCount(name: string, value: number, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw wrongNumber(name, `a whole number from ${min} to ${max}`, value);
}

/** The most items a buffer may hold: what an array can. */
export const MAX_CAPACITY = 2 ** 31 - 1;

/** Returns `value` if it is a number of milliseconds, 0 or more; `Infinity` is one. */
export function checkDuration(name: string, value: number): number {
  if (typeof value === "number" && value >= 0) return value;
  throw wrongNumber(name, "a number of milliseconds, 0 or more", value);
}

/** Returns `value` if it can be called. */
export function checkFunction<F>(name: string, value: F): F {
  if (typeof value !== "function") throw wrongType(name, "a function", value);
  return value;
}

/** Returns `value` if options can be read from it. */
export function checkOptions<O extends object>(value: O, name = "options"): O {
  if (typeof value !== "object" || value === null) throw wrongType(name, "an object", value);
  return value;
}

/** The error for an argument that is not what it must be. */
export function wrongType(name: string, expected: string, value: unknown, Kind: ErrorConstructor = TypeError): Error {
  return new Kind(`${name} must be ${expected}, not ${show(value)}`);
}

/** The error for an argument that is another number than it must be, or none. */
export function wrongNumber(name: string, expected: string, value: unknown): Error {
  return wrongType(name, expected, value, typeof value === "number" ? RangeError : TypeError);
}

/** A short, safe picture of any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return value.name === "" ? "a function" : `function ${String(value.name)}`;
  if (typeof value !== "object" || value === null) return String(value);
  // An Operation, of whichever copy of the package, says what it is itself.
  if ("startsWork" in value) return `an operation (${(value as unknown as OperationLike).describe()})`;
  const made = value.constructor?.name;
  return typeof made !== "string" || made === "Object" ? "an object" : `an instance of ${made}`;
}

interface OperationLike {
  describe(): string;
}
