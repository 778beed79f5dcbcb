/**
 * Giving others a turn.
 *
 * @module
 */
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";

/**
 * Lets every task that is ready run before going on.
 *
 * Cancel-safe: nothing is lost.
 *
 * @example
 * ```ts
 * await yieldNow();
 * ```
 */
export function yieldNow(): Operation<void> {
  return YIELD;
}

interface Turn {
  readonly runsUserCode: boolean;
  run(): void;
  waiter: Waiter<void> | undefined;
}

class Yield extends Operation<void> {
  override try(): Pending {
    return PENDING;
  }

  // A linked waiter may be cancelled, so it is not the waiter itself that goes through the queue first.
  override link(waiter: Waiter<void>): void {
    const turn: Turn = {
      runsUserCode: false,
      waiter,
      run() {
        const parked = this.waiter;
        this.waiter = undefined;
        parked?.wake();
      },
    };
    waiter.slot = turn;
    waiter.scheduler.enqueue(turn);
  }

  override unlink(waiter: Waiter<void>): void {
    (waiter.slot as Turn).waiter = undefined;
  }

  override describe(): string {
    return "yieldNow";
  }
}

const YIELD = new Yield();
