/**
 * The plan: what a stream will do when it is first pulled. A stream that nobody has pulled is nothing else.
 *
 * @module
 */

import type { Scheduler } from "../kernel/scheduler.ts";
import type { Yielded } from "../kernel/step.ts";
import { Line, type Place, type Signal, type Sink, Source, type Stage } from "./line.ts";
import type { Out } from "./out.ts";

/** How to make one stage of a line. */
export interface StageMaker {
  make(at: Place<unknown>): Stage<unknown, unknown>;
  /** Whether its function is async, and so has to run in the stream's own task. */
  readonly isForeign: boolean;
}

/** Where a stream gives itself away: from then on it can be pulled only as part of what is named. */
export const planning: unique symbol = Symbol("gokio.planning");

/** What can become part of another stream, or be run to its end: a stream. */
export interface Planned<out T> {
  /** @internal */
  [planning](by: string, item?: T): Plan;
}

export interface Plan {
  /** Makes the source; once for each run. */
  readonly source: () => Source<unknown>;
  readonly stages: readonly StageMaker[];
  /** Whether the source can be gone through once only, so that there is no starting again. */
  readonly isOnce?: boolean | undefined;
}

/** Makes the line of a plan, with `end` at its end. */
export function lineOf({ source, stages }: Plan, end: Sink<unknown>, scheduler: Scheduler): Line {
  const line = new Line(source(), scheduler);
  const head = stages.reduceRight((down, maker, index) => maker.make({ line, down, index }), end);
  line.begin(head);
  return line;
}

/** A source that is a task: what waits for several things at once, for time, or for work it has started. */
export abstract class Producer<T> extends Source<T> {
  /** Produces: `const signal = out.push(value); if (signal !== GO) yield* out.settle(signal)`. */
  abstract run(out: Out<T>): Generator<Yielded, void, unknown>;

  /** @internal Not asked: the run drives it. */
  override pump(): Signal {
    throw new Error("a producer is not pumped");
  }

  override get isForeign(): boolean {
    return true;
  }
}

const AsyncFunction = (async () => {}).constructor as unknown as { readonly prototype: object };

/** Whether calling `fn` runs it as an async function. */
export function isAsyncFunction(fn: unknown): boolean {
  return Object.getPrototypeOf(fn) === AsyncFunction.prototype;
}

/** A stage whose class takes its place and `args`. `fn`, where it has one, is the function of the user's that it calls. */
export function stage<A extends unknown[]>(
  Kind: new (at: Place<never>, ...args: A) => Stage<never, never>,
  ...args: A
): StageMaker {
  return {
    make: (at) => new Kind(at as Place<never>, ...args) as unknown as Stage<unknown, unknown>,
    isForeign: args.some(isAsyncFunction),
  };
}
