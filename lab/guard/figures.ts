/**
 * What is measured of a case: numbers that are the same on a slow machine and on a fast one, on an idle and on a busy one.
 *
 * @module
 */

export interface Kind {
  readonly title: string;
  /** Digits after the point: what lies below is no property of the code. */
  readonly digits: number;
  /** How far off a figure may be, in its own unit. */
  allowed(before: number): number;
}

/**
 * The same program allocates the same, to the byte, on the same version of Node; another patch of V8 may grow its own tables at
 * other moments. Less than the smallest object, of 16 bytes, for whatever allocates less than 7,000.
 */
const bytes = (before: number): number => 2 + before / 500;

export const kinds = {
  bytes: { title: "bytes allocated each time", digits: 1, allowed: bytes },
  promises: { title: "promises made each time", digits: 2, allowed: () => 0.01 },
  microtasks: { title: "microtasks each time", digits: 2, allowed: () => 0.01 },
  deopts: { title: "deoptimisations in a run", digits: 0, allowed: () => 0 },
  weight: { title: "bytes on the heap for each", digits: 1, allowed: bytes },
  turns: { title: "turns of the event loop in a run", digits: 0, allowed: () => 0 },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

/** Those that the case has. */
export type Figures = Readonly<Partial<Record<KindName, number>>>;

export function rounded(figures: Figures): Figures {
  const entries = Object.entries(figures) as [KindName, number][];
  return Object.fromEntries(entries.map(([kind, value]) => [kind, Number(value.toFixed(kinds[kind].digits))]));
}

/** The middle one of an odd number of figures. */
export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
