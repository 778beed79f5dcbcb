/**
 * A region that a second source cancels, besides what is around it: a context, a token, an AbortSignal.
 *
 * @module
 */
import { Registration } from "../kernel/abortable.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import { innerRegion, type Locals, type Region } from "../kernel/region.ts";
import { TaskRegion } from "./region.ts";

export class SignalRegion extends TaskRegion {
  readonly #signal: CancelSource;
  readonly #registration: Registration | undefined;
  readonly #until: number;

  /** `until` is when the signal is known to cancel by itself, on the scheduler's clock. */
  constructor(outer: Region, signal: CancelSource, locals: Locals | undefined, until = Number.POSITIVE_INFINITY) {
    const { scheduler, daemon, task } = outer;
    const around = innerRegion(outer);
    super({ scheduler, daemon, locals, task, outer: around, parent: outer });
    this.#signal = signal;
    this.#until = until;
    if (signal.cancellation !== undefined) this.cancelWith(signal.cancellation);
    else {
      this.#registration = new Registration((cancellation) => void this.cancelWith(cancellation));
      signal.add(this.#registration);
    }
  }

  /** Whether it was the signal that cancelled this region, and not what is around it. */
  get isBySignal(): boolean {
    return this.cancellation !== undefined && this.cancellation === this.#signal.cancellation;
  }

  override get until(): number {
    return this.#until;
  }

  override close(): void {
    if (this.#registration !== undefined) this.#signal.remove(this.#registration);
    super.close();
  }
}
