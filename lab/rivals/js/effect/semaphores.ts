/**
 * Locks: `Semaphore`, of one permit as the mutex, which Effect has no other of.
 *
 * `withPermit` around the work is what its documentation shows and its own benchmarks use (effect-smol,
 * packages/effect/benchmark/effect/comprehensive.ts, the connection pool); `take` and `release` by hand would not be interruption-safe. The effect
 * that is guarded is made once, not for each turn.
 *
 * @module
 */
import { Effect, Fiber, Semaphore } from "effect";
import { CONTENDERS, PERMITS } from "../../../contestant/numbers.ts";
import { type Sample, timed } from "../../../contestant/program.ts";
import { repeat } from "./repeat.ts";

export function mutex(size: number): Promise<Sample> {
  const program = Effect.gen(function* () {
    const lock = yield* Semaphore.make(1);
    let total = 0;
    const increment = Effect.sync(() => {
      total++;
    });
    const locked = Semaphore.withPermit(lock, increment);
    yield* contend(repeat(Math.floor(size / CONTENDERS), () => locked));
    return total;
  });
  return timed(() => Effect.runPromise(program));
}

export function mutexHeld(size: number): Promise<Sample> {
  const program = Effect.gen(function* () {
    const lock = yield* Semaphore.make(1);
    let total = 0;
    const turn = Effect.suspend(() => {
      const before = total;
      return Effect.map(Effect.yieldNow, () => {
        total = before + 1;
      });
    });
    const locked = Semaphore.withPermit(lock, turn);
    yield* contend(repeat(Math.floor(size / CONTENDERS), () => locked));
    return total;
  });
  return timed(() => Effect.runPromise(program));
}

export function semaphore(size: number): Promise<Sample> {
  const program = Effect.gen(function* () {
    const permits = yield* Semaphore.make(PERMITS);
    let held = 0;
    let most = 0;
    let sum = 0;
    const giveBack = (): void => {
      held--;
    };
    const contender = Effect.suspend(() => {
      let count = 0;
      const turn = Effect.suspend(() => {
        most = Math.max(most, ++held);
        count++;
        return Effect.map(Effect.yieldNow, giveBack);
      });
      const permitted = Semaphore.withPermit(permits, turn);
      return Effect.map(
        repeat(Math.floor(size / CONTENDERS), () => permitted),
        () => {
          sum += count;
        },
      );
    });
    yield* contend(contender);
    return `${sum}/${most}`;
  });
  return timed(() => Effect.runPromise(program));
}

const contend = Effect.fnUntraced(function* (contender: Effect.Effect<void>) {
  const fibers: Fiber.Fiber<void>[] = [];
  for (let i = 0; i < CONTENDERS; i++) fibers.push(yield* Effect.forkChild(contender));
  yield* Fiber.joinAll(fibers);
});
