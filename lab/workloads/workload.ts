/**
 * What a workload is: a piece of work that every contestant does in its own way, with a result that is known beforehand.
 *
 * The words are in lab/README.md. Here are the numbers: how large it is, what the right result is, what is measured, and
 * what gokio is to reach.
 *
 * @module
 */

export type Params = Readonly<Record<string, number>>;

/** What a workload is run with: one column of bars in the report. */
export interface Point {
  readonly size: number;
  readonly params: Params;
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  /** A shorter title, where there are several cases of it. */
  readonly name?: string;
  /** What is done, in a sentence or two. */
  readonly what: string;
  readonly size: number;
  /** The size with `--quick`: a sample of gokio takes about a second at most, with its process. */
  readonly quick: number;
  /** It is run once with each of these; by default once without any. */
  readonly params?: readonly Params[];
  /** What a program that did the work prints as `check`. */
  expected(size: number, params: Params): string;
  /** The first is the main one: by it the contestants are ranked. */
  readonly measures: readonly Measure[];
  readonly targets?: readonly Target[];
  readonly growth?: Growth;
}

export interface Measure {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly better: "more" | "less";
  /** Computes it from a sample; `undefined` where a contestant can't tell it. */
  of(reading: Reading): number | undefined;
  /** A resident size: that of the contestant's process that does nothing (the workload `empty`) is taken off first. */
  readonly aboveEmpty?: true;
}

/** What a measure is computed from. */
export interface Reading extends Point {
  readonly ms: number;
  readonly values: Values;
  /** The same value of the empty process, where the measure is one above that; otherwise zero. */
  readonly empty: Values;
}

export type Values = Readonly<Record<string, number>>;

/** A bound on a median of gokio; with `times`, on its ratio to the best median of those. */
export type Target = {
  /** Who is to reach it: the id of a contestant. */
  readonly by: string;
  /** By default the main measure. */
  readonly measure?: string;
  /** Only with these parameters. */
  readonly at?: Params;
  /** Ids of contestants, or `"js"` for all JavaScript peers. */
  readonly times?: readonly string[];
} & ({ readonly atLeast: number } | { readonly atMost: number });

/** How the cost of one thing grows with how many there are. */
export interface Growth {
  readonly title: string;
  /** What N counts. */
  readonly of: string;
  readonly points: readonly (Point & { readonly n: number })[];
  readonly cost: Measure;
}
