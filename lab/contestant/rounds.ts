/**
 * What all have in common in `map-concurrent`: the work is timed, and beside it one such timer alone, of which the best there can be
 * follows.
 *
 * @module
 */
import { AT_ONCE } from "./numbers.ts";
import { type Sample, timed } from "./program.ts";

/** Measures `nap` alone, as often as there are rounds with so many at once, and then `work`, whose check is how many timers ended. */
export async function besideOneTimer(
  size: number,
  nap: () => PromiseLike<unknown>,
  work: () => PromiseLike<number>,
): Promise<Sample> {
  const times: number[] = [];
  for (let round = 0; round < Math.ceil(size / AT_ONCE); round++) times.push((await timed(() => slept(nap))).ms);
  times.sort((a, b) => a - b);
  return { ...(await timed(work)), values: { timer: times[times.length >> 1] as number } };
}

async function slept(nap: () => PromiseLike<unknown>): Promise<number> {
  await nap();
  return 1;
}
