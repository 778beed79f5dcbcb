/**
 * The explorer finds eight kinds of bugs, from a fixed seed and from random ones, and passes what has been put right.
 *
 * @module
 */
import process from "node:process";
import { afterAll, describe, expect, test } from "vitest";
import { xorshift } from "../../src/kernel/xorshift.ts";
import {
  ExplorationError,
  type ExploreOptions,
  exhaustive,
  explore,
  mixed,
  pct,
  random,
} from "../../src/testing/index.ts";
import { type Bug, bugs } from "../support/explore-bugs.ts";

async function find({ broken }: Bug, options?: ExploreOptions): Promise<ExplorationError | undefined> {
  try {
    await explore(broken, options);
  } catch (error) {
    if (error instanceof ExplorationError) return error;
    throw error;
  }
  return undefined;
}

/** Seeds that are random, and the same in each run of the tests. */
const dice = xorshift(20);
const seeds = Array.from({ length: 20 }, dice);

const lines: string[] = [];

afterAll(() => void process.stdout.write(`${lines.join("\n")}\n`));

describe.each(bugs)("$name ($flavour)", (bug) => {
  test("is found by default, shortened, and replayed exactly", async () => {
    const found = await find(bug);
    expect(found?.kind).toBe(bug.fails);
    const again = await find(bug, { replay: (found as ExplorationError).schedule });
    expect(again).toMatchObject({ kind: bug.fails, schedule: found?.schedule, steps: found?.steps });
    expect(found?.steps.length).toBeLessThan(25);
  });

  test.each([
    ["random", (seed: number) => random({ seed })],
    ["pct", (seed: number) => pct({ seed })],
    ["mixed", (seed: number) => mixed({ seed })],
  ])("is found by %s from 19 of 20 seeds", async (name, strategy) => {
    let [found, schedules, worst] = [0, 0, 0];
    for (const seed of seeds) {
      const error = await find(bug, { strategy: strategy(seed) });
      if (error?.kind !== bug.fails) continue;
      found++;
      schedules += error.schedules;
      worst = Math.max(worst, error.schedules);
    }
    lines.push(
      `${name}: ${bug.name} (${bug.flavour}): ${found}/20 seeds, after ${schedules / found} schedules, at most ${worst}`,
    );
    expect(found).toBeGreaterThanOrEqual(19);
  });

  test("is gone once it is put right", async () => {
    const passed = await explore(bug.fixed, { strategy: exhaustive() });
    expect(passed.complete).toBe(true);
  });
});
