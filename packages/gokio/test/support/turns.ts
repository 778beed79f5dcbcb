/**
 * Waiting for the event loop, and never for the clock.
 *
 * @module
 */
import { defaultScheduler } from "../../src/kernel/scheduler.ts";

/** The time limit of tests that do a lot, in milliseconds: far from what they take on a busy machine. */
export const HEAVY = 120_000;

/** One bare turn of the event loop. */
export function bareTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Turns that the scheduler may take for itself, because its budget was spent, before {@link turn} gives up on it. */
const MOST_HOPS = 100;

/** A turn of the event loop: everything that is ready, and all it leads to, has run. */
export async function turn(): Promise<void> {
  await bareTurn();
  for (let i = 0; i < MOST_HOPS && !defaultScheduler.isIdle; i++) await bareTurn();
}

/**
 * Turns until nothing is ready any more, however many that takes. After starting very many, of which {@link turn} is sure to have run
 * all on a fast machine only; not where something is ready for ever.
 */
export async function quiet(): Promise<void> {
  do await bareTurn();
  while (!defaultScheduler.isIdle);
}

/** Turns until `condition` holds. */
export async function until(condition: () => boolean, turns = 10_000): Promise<void> {
  for (let i = 0; i < turns; i++) {
    if (condition()) return;
    await bareTurn();
  }
  throw new Error(`still not so after ${turns} turns: ${condition}`);
}

/** Collects garbage until the heap stops shrinking, and gives its size in bytes. The tests run with --expose-gc. */
export async function heapUsed(): Promise<number> {
  let size = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 8; i++) {
    await turn();
    (globalThis as { gc?: () => void }).gc?.();
    const now = process.memoryUsage().heapUsed;
    if (now > size * 0.999) return Math.min(now, size);
    size = now;
  }
  return size;
}
