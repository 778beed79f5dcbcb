/**
 * The latencies of several samples as one distribution.
 *
 * @module
 */
import type { Cdf } from "../runner/format.ts";
import { median } from "../runner/statistics.ts";

/** Shares that are looked at, closer together the nearer they are to 1: 0.01 % is as far from there as the eye can tell. */
const SHARES: readonly number[] = Array.from({ length: 81 }, (_, i) => 1 - 10 ** (-i / 20));

/** For each share, the median of how large it is in the samples. */
export function medianCdf(cdfs: readonly Cdf[]): Cdf {
  return SHARES.map((share) => [median(cdfs.map((cdf) => quantileOf(cdf, share))), share] as const);
}

/** How large the least is that a part `share` of all is not above; between two points, on a straight line. */
export function quantileOf(cdf: Cdf, share: number): number {
  const at = cdf.findIndex(([, reached]) => reached >= share);
  const [ms, reached] = (at < 0 ? cdf.at(-1) : cdf[at]) as Cdf[number];
  const before = at > 0 ? cdf[at - 1] : undefined;
  if (before === undefined || reached === before[1]) return ms;
  return before[0] + ((ms - before[0]) * (share - before[1])) / (reached - before[1]);
}
