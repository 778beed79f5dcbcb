/**
 * The channels that somebody has waited on, held weakly: how full they are shall be known when nobody waits, too.
 *
 * @module
 */
import type { Operation } from "../kernel/operation.ts";
import { leavesOf, resourceOf } from "./resource.ts";

export class KnownChannels {
  readonly #known = new WeakSet<object>();
  #refs: WeakRef<object>[] = [];
  #sweepAt = 64;

  /** Notes the channels that `op` is about. */
  add(op: Operation<unknown>): void {
    for (const leaf of leavesOf(op)) {
      const found = resourceOf(leaf);
      if (found === undefined || found.depth === undefined || this.#known.has(found.object)) continue;
      this.#known.add(found.object);
      this.#refs.push(new WeakRef(found.object));
      if (this.#refs.length > this.#sweepAt) this.#sweep();
    }
  }

  /** Those that are still there, in the order they were noted. */
  get all(): object[] {
    return this.#refs.map((ref) => ref.deref()).filter((channel) => channel !== undefined);
  }

  #sweep(): void {
    this.#refs = this.#refs.filter((ref) => ref.deref() !== undefined);
    this.#sweepAt = Math.max(64, this.#refs.length * 2);
  }
}
