/**
 * Random numbers that a seed repeats: for the order of samples, and for resampling.
 *
 * # Algorithm
 *
 * Xorshift with 32 bits of state (Marsaglia, "Xorshift RNGs", 2003), its seed scrambled first, for neighbouring seeds would
 * begin alike. Good enough to shuffle some thousand things; not for secrets.
 *
 * @module
 */

export class Random {
  #state: number;

  constructor(seed: number) {
    let mixed = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
    // Zero is the one state that it can't leave.
    this.#state = (mixed ^ (mixed >>> 16)) >>> 0 || 0x9e3779b9;
    for (let i = 0; i < 8; i++) this.#next();
  }

  /** A whole number from 0 up to, and without, `end`. */
  below(end: number): number {
    return Math.floor((this.#next() / 2 ** 32) * end);
  }

  /** A copy in random order: each order is as likely as any other (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (this.#state = x >>> 0);
  }
}
