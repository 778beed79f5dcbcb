/**
 * Seeds: one number from which every choice of a run is drawn, and the text in which a failure names it.
 *
 * The text carries a version, which goes up whenever the same number would lead to another run. So a seed that can't repeat what it was
 * printed for is refused, instead of passing a test that once failed.
 *
 * @module
 */
import { checkCount, show, wrongType } from "../errors.ts";
import { realHost } from "../kernel/host.ts";
import { xorshift } from "../kernel/xorshift.ts";

/** To go up whenever the same number leads to another run: see the head of this file. */
const VERSION = 1;
const TEXT = /^v(\d+)-([0-9a-f]{1,8})$/;
const MOST = 2 ** 32 - 1;

/** The number that `given` stands for: itself, or what was printed as a text; without one, a new one. */
export function seedOf(given: number | string | undefined): number {
  if (given === undefined) return realHost.random();
  if (typeof given === "number") return checkCount("seed", given, 0, MOST);
  const parts = typeof given === "string" ? TEXT.exec(given) : null;
  if (parts === null) throw wrongType("seed", `a whole number, or a text such as ${show(seedText(42))}`, given);
  if (Number(parts[1]) !== VERSION) throw new RangeError(otherVersion(given, parts[1] as string));
  return Number.parseInt(parts[2] as string, 16);
}

function otherVersion(seed: string, version: string): string {
  return `seed ${show(seed)} is of version ${version}, and would lead to another run here, where seeds are of version ${VERSION}: run without a seed to get one`;
}

/** What a failure prints, and {@link seedOf} takes. */
export function seedText(seed: number): string {
  return `v${VERSION}-${seed.toString(16)}`;
}

/** One of several independent sequences of whole numbers in [0, 2³²) that begin at one seed. */
export function stream(seed: number, which: number): () => number {
  return xorshift(scrambled(seed + Math.imul(which, 0x9e3779b9)));
}

/** The same, of fractions in [0, 1). */
export function fractions(seed: number, which: number): () => number {
  const next = stream(seed, which);
  return () => next() / 2 ** 32;
}

/** Spreads seeds that differ in a bit over all numbers: else those that are near would begin alike. The finisher of MurmurHash3. */
function scrambled(seed: number): number {
  let hash = seed | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
