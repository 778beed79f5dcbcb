/**
 * What the guard measures.
 *
 * @module
 */

/** Does something `count` times, and gives how often it was really done. */
export type Run = (count: number) => number | PromiseLike<number>;

/** The ways in which a piece of work is written, by name: "generator", "async". */
export type Flavours = Readonly<Record<string, Run>>;

/** Something that is done over and over: what it costs to do it once. */
export interface Repeated {
  readonly kind: "repeated";
  readonly name: string;
  readonly count: number;
  readonly run: Run;
  /** Why optimised code is thrown away while it runs, if it is. */
  readonly deoptimised?: string;
}

/** Something that is there many times: what one of them weighs. */
export interface Standing {
  readonly kind: "standing";
  readonly name: string;
  readonly count: number;
  /** Makes them, and gives what ends them all and says how many there were. */
  stand(count: number): Promise<() => Promise<number>>;
}

/** Work that never has to wait: how often the event loop goes round meanwhile. */
export interface Ready {
  readonly kind: "ready";
  readonly name: string;
  readonly count: number;
  readonly run: Run;
}

export type Case = Repeated | Standing | Ready;

const REPEATED = 5000;

/** A case for each of the flavours in which the work is written. */
export function repeated(name: string, flavours: Flavours, count = REPEATED): Repeated[] {
  const runs = Object.entries(flavours);
  return runs.map(([flavour, run]) => ({ kind: "repeated", name: `${name}, ${flavour}`, count, run }));
}
