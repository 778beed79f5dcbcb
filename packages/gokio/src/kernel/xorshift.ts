/**
 * A generator of random numbers that begins at a seed: for hosts whose every choice can be repeated.
 *
 * @module
 */

/** The xorshift32 generator of Marsaglia (2003): one word of state, period 2³² − 1. Enough for fair choices; no secret. */
export function xorshift(seed: number): () => number {
  let state = seed >>> 0 || 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
