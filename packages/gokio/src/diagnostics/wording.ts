/**
 * Numbers and lists in words.
 *
 * @module
 */

/** "1 task", "2 tasks". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A time in the unit that suits it: "1.5 ms", "12 s", "3 min". */
export function duration(ms: number): string {
  if (ms < 1000) return `${short(ms)} ms`;
  if (ms < 120_000) return `${short(ms / 1000)} s`;
  if (ms < 7_200_000) return `${short(ms / 60_000)} min`;
  return `${short(ms / 3_600_000)} h`;
}

function short(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}

/** "1.5 s", or from which to which; empty if none is known. */
export function span(all: readonly (number | undefined)[]): string {
  const range = rangeOf(all);
  if (range === undefined) return "";
  const [from, to] = range.map(duration) as [string, string];
  return from === to ? from : `${from} to ${to}`;
}

/** "once", "3 times", or from how often to how often; empty if none is known. */
export function times(all: readonly (number | undefined)[]): string {
  const range = rangeOf(all);
  if (range === undefined) return "";
  const [least, most] = range;
  if (least !== most) return `${least} to ${most} times`;
  return least === 1 ? "once" : `${least} times`;
}

function rangeOf(all: readonly (number | undefined)[]): [least: number, most: number] | undefined {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const each of all) {
    if (each === undefined) continue;
    if (each < least) least = each;
    if (each > most) most = each;
  }
  return most === Number.NEGATIVE_INFINITY ? undefined : [least, most];
}
