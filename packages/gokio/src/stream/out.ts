/**
 * Where a producer puts its items.
 *
 * @module
 */
import type { Operation } from "../kernel/operation.ts";
import type { Parked } from "../kernel/step.ts";
import { yieldNow } from "../task/yield-now.ts";
import type { Demand } from "./demand.ts";
import { BREATHE, END, FULL, GO, type Line, type Signal, WAIT } from "./line.ts";

export interface Out<T> {
  /** Passes an item down the line. Unless the answer is GO, `settle` has to follow. */
  push(value: T): Signal;
  /** Waits until the next item is wanted. If none ever will be, it does not come back: the producer is unwound. */
  settle(signal: Signal): Generator<Parked, void, unknown>;
}

/** Whose line it is. */
export interface Outgoing {
  readonly demand: Demand;
  /** Gives the item in the slot to who waits for it. */
  deliver(): void;
  /** Ends the producer at its next wait. */
  unwind(): void;
}

/** Into the line of a run, as its task. */
export class LineOut implements Out<unknown> {
  readonly #run: Outgoing;
  readonly #line: Line;

  constructor(run: Outgoing, line: Line) {
    this.#run = run;
    this.#line = line;
  }

  push(value: unknown): Signal {
    return this.#line.push(value);
  }

  *settle(first: Signal): Generator<Parked, void, unknown> {
    const line = this.#line;
    for (let signal = first; signal !== GO; ) {
      if (signal === WAIT) {
        signal = line.resume(yield* line.blocker as Operation<unknown>);
        // After a GO, there may be something held that has to go first.
        if (signal !== GO) continue;
      } else if (signal === FULL) {
        this.#run.deliver();
        yield* this.#run.demand;
      } else if (signal === BREATHE) yield* yieldNow();
      else if (signal === END) {
        this.#run.unwind();
        yield* yieldNow();
      }
      signal = line.isCut ? line.advance() : line.settle();
    }
  }
}
