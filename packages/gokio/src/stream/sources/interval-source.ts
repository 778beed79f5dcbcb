/**
 * The ticks of an interval, counted.
 *
 * @module
 */
import type { Operation } from "../../kernel/operation.ts";
import { RaceOperation } from "../../kernel/race.ts";
import { type Interval, type IntervalOptions, interval, tick } from "../../time/interval.ts";
import type { Source } from "../line.ts";
import { OpSource } from "./op-source.ts";

/** The interval begins with the run. @throws at the call, if {@link interval} does. */
export function intervalSource(ms: number, options: IntervalOptions | undefined): () => Source<number> {
  interval(ms, options);
  return () => new OpSource(new Counted(interval(ms, options)));
}

/** Gives the number of the tick, as iteration has it. */
class Counted extends RaceOperation<IteratorYieldResult<number>> {
  override readonly alternatives: readonly [Operation<number>];
  #ticks = 0;

  constructor(ticks: Interval) {
    super();
    this.alternatives = [tick(ticks)];
  }

  override won(): IteratorYieldResult<number> {
    return { done: false, value: this.#ticks++ };
  }

  override describe(): string {
    return this.alternatives[0].describe();
  }
}
