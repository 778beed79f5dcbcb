/**
 * How often to try again, and how long to pause before.
 *
 * @module
 */
import { checkCount, checkDuration, checkFunction, checkOptions, wrongNumber } from "../errors.ts";
import { currentScheduler } from "../kernel/current.ts";

/** How long to wait before the next attempt. */
export interface Backoff {
  /** The first pause, in milliseconds; 100 by default. */
  readonly base?: number | undefined;
  /** What each pause is multiplied by for the next; 2 by default. */
  readonly factor?: number | undefined;
  /** The longest pause, in milliseconds; 30,000 by default. */
  readonly max?: number | undefined;
  /** How much of a pause is left to chance, from 0, the default, to 1: then anything from nothing to the whole pause. */
  readonly jitter?: number | undefined;
}

/** What decides whether there is another attempt. */
export interface Attempting {
  /** How often to try, the first time included; 3 by default, `Infinity` for no end. */
  readonly attempts?: number | undefined;
  /** How long to pause between the attempts; 100 ms, 200 ms, 400 ms and so on by default. */
  readonly backoff?: Backoff | undefined;
  /** Whether to try again after this error; by default after each. */
  readonly retryIf?: ((error: unknown, attempt: number) => boolean) | undefined;
}

/** {@link Attempting}, checked. */
export class Policy {
  readonly #attempts: number;
  readonly #base: number;
  readonly #factor: number;
  readonly #max: number;
  readonly #jitter: number;
  readonly #retryIf: ((error: unknown, attempt: number) => boolean) | undefined;

  constructor(options: Attempting) {
    const { attempts = 3, backoff = {}, retryIf } = checkOptions(options);
    const { base = 100, factor = 2, max = 30_000, jitter = 0 } = checkOptions(backoff, "backoff");
    this.#attempts = attempts === Number.POSITIVE_INFINITY ? attempts : checkCount("attempts", attempts, 1);
    this.#base = checkDuration("base", base);
    this.#factor = checkNumber("factor", factor, 1, Number.MAX_VALUE);
    this.#max = checkDuration("max", max);
    this.#jitter = checkNumber("jitter", jitter, 0, 1);
    this.#retryIf = retryIf === undefined ? undefined : checkFunction("retryIf", retryIf);
  }

  /** How long to pause after the failure of `attempt`, in milliseconds. @throws `error`, if it is not to be tried again. */
  pause(error: unknown, attempt: number): number {
    if (attempt >= this.#attempts) throw error;
    if (this.#retryIf !== undefined && !this.#retryIf(error, attempt)) throw error;
    // The growth may become infinite, and no pause is to become NaN by that.
    const whole = this.#base === 0 ? 0 : Math.min(this.#base * this.#factor ** (attempt - 1), this.#max);
    return whole * (1 - this.#jitter * (currentScheduler().host.random() / 2 ** 32));
  }
}

function checkNumber(name: string, value: number, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw wrongNumber(
    name,
    max === Number.MAX_VALUE ? `a number of at least ${min}` : `a number from ${min} to ${max}`,
    value,
  );
}
