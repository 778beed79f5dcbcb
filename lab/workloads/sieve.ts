/** A long chain of tasks. */
import { time } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const sieve: Workload = {
  id: "sieve",
  title: "Prime sieve",
  what: "A chain of filter tasks on unbuffered channels, one for each prime found.",
  size: 1_000,
  quick: 1_000,
  expected: (size) => String(prime(size)),
  measures: [time],
  targets: [{ by: "gokio", atMost: 1, times: ["go-2"] }],
};

/** The n-th prime. */
function prime(n: number): number {
  const found: number[] = [];
  for (let candidate = 2; found.length < n; candidate++) {
    if (found.every((p) => candidate % p !== 0)) found.push(candidate);
  }
  return found.at(-1) as number;
}
