/**
 * What `node:timers/promises` does, on the clock of a simulation.
 *
 * @module
 */
import type { Bubble } from "./bubble.ts";
import { FakeTimer } from "./fake-timer.ts";

export interface SleepOptions {
  readonly signal?: AbortSignal | undefined;
  readonly ref?: boolean | undefined;
}

/** A promise of `value`, kept after `ms` milliseconds. */
export function fakeSleep<T>(bubble: Bubble, ms: unknown, value: T, options: SleepOptions = {}): Promise<T> {
  const { signal, ref = true } = options;
  if (signal?.aborted === true) return Promise.reject(abortError(signal));
  return new Promise((resolve, reject) => {
    const ring = (): void => {
      signal?.removeEventListener("abort", abort);
      resolve(value);
    };
    const timer = new FakeTimer(bubble, ring, ms, false);
    if (!ref) timer.unref();
    const abort = (): void => {
      timer.close();
      reject(abortError(signal as AbortSignal));
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Yields `value` every `ms` milliseconds. */
export async function* fakeTicks<T>(
  bubble: Bubble,
  ms: unknown,
  value: T,
  options: SleepOptions = {},
): AsyncGenerator<T, void> {
  for (;;) yield await fakeSleep(bubble, ms, value, options);
}

/** As Node makes it. */
function abortError(signal: AbortSignal): Error {
  const error = new Error("The operation was aborted", { cause: signal.reason });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}
