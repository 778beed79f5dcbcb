/**
 * How the hot loops of the Effect programs are written.
 *
 * Effect's own fiber benchmarks (effect, packages/effect/benchmark/fiber/workloads.ts) loop in `Effect.gen`, and its larger ones
 * (effect-smol, packages/effect/benchmark/effect/comprehensive.ts) with `flatMap` and `forever`. `Effect.whileLoop`, public and marked stable, is
 * quicker here than either, for it resumes no generator and yields no more often than the fiber's budget says: so it gets the hot loops, and
 * `Effect.gen`, which the package's AGENTS.md prefers, all that is run once.
 *
 * @module
 */
import { Effect } from "effect";

/** Does `body(0)` … `body(times - 1)`, one after the other, and hands each result to `step`. */
export function repeat<A>(
  times: number,
  body: (i: number) => Effect.Effect<A>,
  step: (result: A) => void = () => {},
): Effect.Effect<void> {
  return Effect.suspend(() => {
    let i = 0;
    return Effect.whileLoop({ while: () => i < times, body: () => body(i++), step });
  });
}

/** Does `body` again and again, until the fiber is interrupted. */
export function endlessly(body: () => Effect.Effect<unknown>): Effect.Effect<void> {
  return Effect.whileLoop({ while: () => true, body, step: () => {} });
}

/** Adds up `times` results of `body`. */
export function summed(times: number, body: () => Effect.Effect<number>): Effect.Effect<number> {
  return Effect.suspend(() => {
    let sum = 0;
    const add = (n: number): void => {
      sum += n;
    };
    return Effect.map(repeat(times, body, add), () => sum);
  });
}

/** Waits until `holds`, looking every millisecond. */
export function until(holds: () => boolean): Effect.Effect<void> {
  return Effect.whileLoop({ while: () => !holds(), body: () => Effect.sleep(1), step: () => {} });
}
