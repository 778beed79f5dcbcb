/**
 * Tasks and answers: `Effect.forkChild`, `Fiber.joinAll`, and a `Deferred` as the oneshot; many at once: `Effect.forEach` with a `concurrency`.
 *
 * The waves have the shape of `fork-fanout-join-all`, the requests that of `deferred-pingpong`, both in Effect's own fiber benchmarks (effect,
 * packages/effect/benchmark/fiber/workloads.ts). All fibers are children of one that a single `runPromise` starts: a root fiber for each would cost a
 * promise as well.
 *
 * @module
 */
import { Deferred, Effect, Fiber } from "effect";
import { AT_ONCE, NAP, WAVE } from "../../../contestant/numbers.ts";
import { type Sample, timed } from "../../../contestant/program.ts";
import { besideOneTimer } from "../../../contestant/rounds.ts";
import { repeat, summed } from "./repeat.ts";

export function spawnJoin(size: number): Promise<Sample> {
  const wave = Effect.fnUntraced(function* (first: number) {
    const fibers: Fiber.Fiber<number>[] = [];
    yield* repeat(
      Math.min(WAVE, size - first),
      (i) => Effect.forkChild(Effect.sync(() => first + i)),
      (fiber) => {
        fibers.push(fiber);
      },
    );
    let sum = 0;
    for (const result of yield* Fiber.joinAll(fibers)) sum += result;
    return sum;
  });
  return timed(() => {
    let first = -WAVE;
    return Effect.runPromise(summed(Math.ceil(size / WAVE), () => wave((first += WAVE))));
  });
}

export function oneshot(size: number): Promise<Sample> {
  const request = (i: number): Effect.Effect<number> =>
    Effect.flatMap(Deferred.make<number>(), (answer) =>
      Effect.andThen(Effect.forkChild(Deferred.succeed(answer, i + 1)), Deferred.await(answer)),
    );
  return timed(() => {
    let i = 0;
    return Effect.runPromise(summed(size, () => request(i++)));
  });
}

export function mapConcurrent(size: number): Promise<Sample> {
  const nap = Effect.sleep(NAP);
  const program = Effect.suspend(() => {
    const inputs = Array.from({ length: size }, (_, i) => i);
    return Effect.map(
      Effect.forEach(inputs, () => nap, { concurrency: AT_ONCE }),
      (results) => results.length,
    );
  });
  return besideOneTimer(
    size,
    () => Effect.runPromise(nap),
    () => Effect.runPromise(program),
  );
}
