/** The measures that many workloads share. */
import type { Growth, Measure } from "./workload.ts";

/** Millions of things per second, `factor` of them for each unit of size. */
export function rate(things: string, factor = 1): Measure {
  return {
    id: "rate",
    title: "throughput",
    unit: `M ${things}/s`,
    better: "more",
    of: ({ size, ms }) => (size * factor) / ms / 1000,
  };
}

export const time: Measure = { id: "time", title: "time", unit: "ms", better: "less", of: ({ ms }) => ms };

/** A value that the contestant measured itself. */
export function value(id: string, title: string, unit: string): Measure {
  return { id, title, unit, better: "less", of: ({ values }) => values[id] };
}

/** A resident size, less that of the empty process, in units of `scale` bytes. */
export function resident(id: string, title: string, unit: string, scale: number): Measure {
  const of: Measure["of"] = ({ values, empty }) => {
    const [all, base] = [values[id], empty[id]];
    return all === undefined || base === undefined ? undefined : (all - base) / scale;
  };
  return { id, title, unit, better: "less", aboveEmpty: true, of };
}

/** What one thing costs in time. */
export function cost(thing: string): Measure {
  return {
    id: "cost",
    title: `time for each ${thing}`,
    unit: "ns",
    better: "less",
    of: ({ size, ms }) => (ms * 1e6) / size,
  };
}

/** Growth with the size, at powers of ten. */
export function growsWithSize(title: string, of: string, from: number, to: number, measure: Measure): Growth {
  const points: { n: number; size: number; params: Record<string, never> }[] = [];
  for (let n = from; n <= to; n *= 10) points.push({ n, size: n, params: {} });
  return { title, of, points, cost: measure };
}

/** 0 + 1 + … + (n − 1). */
export function sumBelow(n: number): number {
  return (n * (n - 1)) / 2;
}
