/** An hour of the busiest waiting there is. */
import { expect, test } from "vitest";
import { interval } from "../../src/index.ts";
import { simulate } from "../../src/testing/index.ts";
import { HEAVY } from "../support/turns.ts";

const HOUR = 3_600_000;

test(
  "an hour of ticks every 10 ms takes no hour",
  async () => {
    const ticks = await simulate(async (sim) => {
      let ticks = 0;
      for await (const _ of interval(10)) {
        ticks++;
        if (sim.elapsed === HOUR) return ticks;
      }
      return 0;
    });
    expect(ticks).toBe(HOUR / 10 + 1);
  },
  HEAVY,
);
