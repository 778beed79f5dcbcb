/**
 * What a row of the benchmark is.
 *
 * @module
 */

export interface Row {
  readonly work: string;
  /** How the work is written, or by whom. */
  readonly by: string;
  readonly unit: "M/s" | "ms" | "B";
  /** Does the work once, checks its result, and returns what it measured; `undefined` if it cannot be run here. */
  run(): Promise<number | undefined>;
  /** How often to run it for nothing first, for the compiler; by default once. */
  readonly warmUps?: number;
  readonly peers?: { readonly go?: string; readonly tokio?: string; readonly js?: string };
  readonly target?: Target;
}

/** A bound on the median; or, with `times`, on its ratio to the median of another row of the same work. */
export type Target =
  | { readonly atLeast: number }
  | { readonly atMost: number }
  | { readonly atLeast: number; readonly times: string }
  | { readonly atMost: number; readonly times: string };

/** Throws unless the work was really done. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`wrong result: ${what}`);
}

/** How long `body` takes, in milliseconds. */
export async function elapsed(body: () => unknown): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

/** How many millions of `count` things `body` does in a second. */
export async function rate(count: number, body: () => unknown): Promise<number> {
  return count / (await elapsed(body)) / 1000;
}

/** The sum of 0 … n − 1. */
export function sumBelow(n: number): number {
  return (n * (n - 1)) / 2;
}

/** Bytes in use on the heap, after a collection. */
export function heapUsed(): number {
  const { gc } = globalThis as { gc?: () => void };
  check(gc !== undefined, "the heap is measured with --expose-gc");
  gc?.();
  gc?.();
  return process.memoryUsage().heapUsed;
}
