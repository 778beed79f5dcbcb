/**
 * An operation that a cancellation ends without an error: the race behind `runUntilCancelled`.
 *
 * @module
 */
import { type Signal, sourceOf } from "../kernel/abortable.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import type { Operation } from "../kernel/operation.ts";
import { RaceOperation } from "../kernel/race.ts";
import { Cancelled } from "./cancelled.ts";

/** `op`, or `undefined` once `signal` is cancelled. */
export function untilCancelled<T>(signal: Signal, op: Operation<T>): Operation<T | undefined> {
  return new UntilCancelled(sourceOf(signal), op);
}

class UntilCancelled<T> extends RaceOperation<T | undefined> {
  override readonly alternatives: readonly [Operation<unknown>, Operation<T>];

  constructor(source: CancelSource, op: Operation<T>) {
    super();
    // In this order, which is that of trying: a cancellation that came before wins over an operation that is ready.
    this.alternatives = [new Cancelled(source), op];
  }

  override won(index: number, value: unknown): T | undefined {
    return index === 0 ? undefined : (value as T);
  }

  override describe(): string {
    return this.alternatives[1].describe();
  }
}
