/**
 * The library's own channels, locks, selects and cancellation under every interleaving of small programs.
 *
 * @module
 */
import process from "node:process";
import { afterAll, describe, expect, test } from "vitest";
import { exhaustive, explore } from "../../src/testing/index.ts";
import { configurations, larger } from "../support/explore-configurations.ts";
import { HEAVY } from "../support/turns.ts";

const isLarge = process.env["GOKIO_EXPLORE"] === "large";
/** More than any of them has: one that doesn't complete fails. */
const MOST = isLarge ? 100_000_000 : 200_000;

const lines: string[] = [];

// One write: what a test prints by itself is told with the name of the test, and takes three lines.
afterAll(() => void process.stdout.write(`${lines.join("\n")}\n`));

describe("holds under every interleaving", () => {
  test.each(isLarge ? larger : configurations)(
    "$name",
    async ({ name, body, preemptions }) => {
      const strategy = exhaustive({ preemptions, schedules: MOST });
      const before = performance.now();
      const { schedules, steps, complete } = await explore(body, { strategy });
      const ms = performance.now() - before;
      const bound = preemptions === Number.POSITIVE_INFINITY ? "any number of" : `at most ${preemptions}`;
      lines.push(
        `${String(schedules).padStart(9)} schedules, ${bound} preemptions: ${name} (${steps} steps, ${ms.toFixed()} ms)`,
      );
      expect(complete).toBe(true);
      expect(schedules).toBeGreaterThan(1);
    },
    isLarge ? 3_600_000 : HEAVY,
  );
});
