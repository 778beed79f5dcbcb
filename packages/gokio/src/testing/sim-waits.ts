/**
 * Waiting for the simulation itself: until all else is idle, until its clock has been moved.
 *
 * @module
 */
import { checkDuration, MisuseError } from "../errors.ts";
import { currentScheduler } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import type { Bubble } from "./bubble.ts";

abstract class BubbleWait extends Operation<void> {
  protected readonly bubble: Bubble;

  constructor(bubble: Bubble) {
    super();
    this.bubble = bubble;
  }

  /** Whether all else is idle shows only when this, too, is parked. */
  override try(): Pending {
    checkInside(this.bubble, this.describe());
    return PENDING;
  }
}

/** Waits until all else is idle. */
export class Idle extends BubbleWait {
  override link(waiter: Waiter<void>): void {
    this.bubble.addIdler(waiter);
  }

  override unlink(waiter: Waiter<void>): void {
    this.bubble.removeIdler(waiter);
  }

  override describe(): string {
    return "sim.wait()";
  }
}

/** Waits until the clock is there, and everything due by then has happened. */
export class Advance extends BubbleWait {
  readonly #ms: number;
  readonly #deadline: number;

  constructor(bubble: Bubble, ms: number) {
    super(bubble);
    this.#ms = checkDuration("ms", ms);
    this.#deadline = bubble.host.now() + ms;
  }

  override link(waiter: Waiter<void>): void {
    this.bubble.addGoal(waiter, this.#deadline);
  }

  override unlink(waiter: Waiter<void>): void {
    this.bubble.removeGoal(waiter);
  }

  override describe(): string {
    return `sim.advance(${this.#ms})`;
  }
}

function checkInside(bubble: Bubble, what: string): void {
  if (!bubble.isLive) throw new MisuseError(`${what}: this simulation is over`);
  if (currentScheduler() !== bubble.scheduler) {
    throw new MisuseError(`${what}: only code inside the simulation may wait for it`);
  }
}
