/** Timers that are waited for by a stream of tasks, so many at once. */
import { count, Stream, sleep, spawn, type Task } from "gokio";
import { AT_ONCE, NAP } from "../contestant/numbers.ts";
import type { Sample } from "../contestant/program.ts";
import { besideOneTimer } from "../contestant/rounds.ts";

const alone = () => sleep(NAP);

export function generators(size: number): Promise<Sample> {
  function* nap(): Task<void> {
    yield* sleep(NAP);
  }
  return besideOneTimer(size, alone, () =>
    spawn(function* (): Task<number> {
      return yield* count(Stream.range(0, size).mapConcurrent(AT_ONCE, nap));
    }),
  );
}

export function asyncs(size: number): Promise<Sample> {
  const nap = async (): Promise<void> => {
    await sleep(NAP);
  };
  return besideOneTimer(size, alone, () => Stream.range(0, size).mapConcurrent(AT_ONCE, nap).count());
}
