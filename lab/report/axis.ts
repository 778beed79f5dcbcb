/**
 * Scales of charts, from values to places, and the values that are written at them.
 *
 * @module
 */
import { short } from "../print.ts";

export interface Axis {
  readonly title: string;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** From 0 at the beginning to 1 at the end. */
  at(value: number): number;
}

/** From below the least to above the greatest of the values; with ticks between the powers of ten where there is room for them. */
export function logAxis(title: string, values: readonly number[], label: (value: number) => string = plain): Axis {
  const [least, most] = [Math.min(...values) * (1 + 1e-9), Math.max(...values) * (1 - 1e-9)];
  const steps = Array.from({ length: 60 }, (_, i) => [1, 2, 5].map((step) => Number(`${step}e${i - 30}`))).flat();
  const first = Math.max(0, steps.findIndex((step) => step > least) - 1);
  const last = Math.max(
    first + 1,
    steps.findIndex((step) => step >= most),
  );
  const [from, to] = [steps[first] as number, steps[last] as number];
  const isShort = last - first <= 7;
  const ticks = steps.slice(first, last + 1).filter((step) => isShort || String(step.toExponential()).startsWith("1e"));
  return {
    title,
    ticks: ticks.map((value) => ({ value, label: label(value) })),
    at: (value) => Math.log(value / from) / Math.log(to / from),
  };
}

/** Each "nine" is as wide as the one before: what happens once in 10, 100, 1,000 or 10,000 times is as far apart. */
export function ninesAxis(title: string, nines: number): Axis {
  const ticks = [0.5, 0.9, 0.99, 0.999, 0.9999].filter((share) => share <= 1 - 10 ** -nines + 1e-9);
  const at = (share: number): number => Math.min(1, -Math.log10(Math.max(1e-9, 1 - share)) / nines);
  return {
    title,
    at,
    ticks: [0, ...ticks].map((value) => ({ value, label: `${Number((value * 100).toFixed(2))} %` })),
  };
}

function plain(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  if (value >= 1e4) return `${value / 1e3} k`;
  return value >= 1 ? short(value).replace(/\.0+$/, "") : String(Number(value.toPrecision(1)));
}
