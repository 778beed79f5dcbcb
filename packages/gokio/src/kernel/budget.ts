/**
 * The cooperative budget: how long ready work may go on before timers and I/O get a turn.
 *
 * Every ready operation and every resumed task spends one credit. Each {@link STRIDE} credits the clock is read; once the turn has
 * lasted {@link TURN_MS}, or {@link TURN_CREDITS} were spent (a clock that stands still must not let it go on for ever), the
 * budget is exhausted until the scheduler has gone through a macrotask. A turn's start is only known after such a hop, so
 * the first check after a quiet while may hop once for nothing: cheaper than telling turns apart.
 *
 * @module
 */
import type { Host } from "./host.ts";

const STRIDE = 64;
export const TURN_MS = 10;
export const TURN_CREDITS = 65_536;

export class Budget {
  /** Credits left before the clock has to be read; spent by the callers themselves, as `--budget.credit < 0`. */
  credit = 0;
  readonly #host: Host;
  #turnEnds = 0;
  #strides = 0;

  constructor(host: Host) {
    this.#host = host;
    this.refill();
  }

  /** Called with `credit` below 0: grants another stride, or says that the turn is over. */
  isExhausted(): boolean {
    if (--this.#strides <= 0 || this.#host.now() >= this.#turnEnds) {
      this.#strides = 0;
      this.credit = 0;
      return true;
    }
    this.credit = STRIDE - 1;
    return false;
  }

  /** A new turn of the event loop has begun. */
  refill(): void {
    this.credit = STRIDE;
    this.#strides = TURN_CREDITS / STRIDE;
    this.#turnEnds = this.#host.now() + TURN_MS;
  }
}
