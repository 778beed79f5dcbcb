/**
 * Which ways the waits of a model test went, so that the test can show that it saw them all.
 *
 * @module
 */
import { ClosedError } from "../../src/errors.ts";
import type { Driven } from "./drivers.ts";
import { turn } from "./turns.ts";

/**
 * - `ready`: settled without waiting;
 * - `parked`: had to wait; and of those
 * - `handedOver`: settled with success while parked, `cancelled`, `closed`: failed with a `ClosedError`, `failed` otherwise.
 */
export type Path = "ready" | "parked" | "handedOver" | "cancelled" | "closed" | "failed";

export class Paths {
  readonly counts: Record<Path, number> = { ready: 0, parked: 0, handedOver: 0, cancelled: 0, closed: 0, failed: 0 };

  /** Counts by hand, for what is no {@link Driven}. */
  saw(path: Path, times = 1): void {
    this.counts[path] += times;
  }

  /** Lets a turn go by, and counts the way `wait` takes from then on. */
  async watch<T>(wait: Driven<T>): Promise<Driven<T>> {
    await turn();
    if (wait.ended !== undefined) {
      this.counts.ready++;
      return wait;
    }
    this.counts.parked++;
    void wait.end.then((ended) => {
      if (ended.status === "ok") this.counts.handedOver++;
      else if (ended.status === "cancelled") this.counts.cancelled++;
      else if (ended.error instanceof ClosedError) this.counts.closed++;
      else this.counts.failed++;
    });
    return wait;
  }

  /** Fails unless each of `paths` was taken. To be called once, when all runs of the property are through. */
  expectSeen(...paths: Path[]): void {
    const missed = paths.filter((path) => this.counts[path] === 0);
    if (missed.length > 0) throw new Error(`never seen: ${missed.join(", ")}; seen: ${JSON.stringify(this.counts)}`);
  }
}
