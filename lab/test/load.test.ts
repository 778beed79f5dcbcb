/** Samples that were taken while the machine had other things to do are marked. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isDisturbed, machineOf, others, oursOf, type Reading, readLoad } from "../runner/load.ts";
import { measure } from "../runner/measure.ts";
import { planOf } from "../runner/plan.ts";
import { fake, journal } from "./support.ts";

const quiet: Reading = { busy: 1000, total: 10_000, ours: 500, average: 0.3 };

/** A second later on two processors, of which this process had `ours` and others `foreign` milliseconds. */
function later(ours: number, foreign: number): Reading {
  return { ...quiet, busy: 1000 + ours + foreign, total: 12_000, ours: 500 + ours };
}

describe("what others had of the machine", () => {
  it("is what was busy, less what the sample and the runner had", () => {
    expect(others(quiet, later(1000, 0))).toBe(0);
    expect(others(quiet, later(1000, 500))).toBe(0.25);
    // The counters are rounded, each in its own way.
    expect(others(quiet, later(1000, -20))).toBe(0);
  });

  it("is unknown where the system does not tell what the children had", () => {
    const { ours: _, ...rest } = quiet;
    expect(others({ ...rest, ours: undefined }, later(0, 0))).toBeUndefined();
  });

  it("disturbs from a tenth on", () => {
    expect(isDisturbed(quiet, later(1900, 50))).toBe(false);
    expect(isDisturbed(quiet, later(1000, 400))).toBe(true);
  });

  it("does not disturb if it may be rounding", () => {
    const shortly = { ...quiet, busy: 1000 + 80, total: 10_100, ours: 500 + 60 };
    expect(others(quiet, shortly)).toBe(0.2);
    expect(isDisturbed(quiet, shortly)).toBe(false);
  });

  it("is judged by the load average if it is unknown", () => {
    const unknown = { ...quiet, ours: undefined };
    expect(isDisturbed(unknown, unknown, 2)).toBe(false);
    expect(isDisturbed({ ...unknown, average: 3 }, unknown, 2)).toBe(true);
  });
});

describe("the reader", () => {
  it("reads what the kernel writes", () => {
    expect(machineOf("cpu  10 20 30 400 5 6 7 8 9 9\ncpu0 1 1 1 1 1 1 1 1 1 1\n")).toEqual({ busy: 810, total: 4860 });
    const odd = "42 (a (strange) name) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16";
    expect(oursOf(odd)).toBe((11 + 12 + 13 + 14) * 10);
  });

  it("sees on this machine what a child did", async () => {
    const before = readLoad();
    const until = "const end = Date.now() + 400; while (Date.now() < end);";
    await once(spawn(process.execPath, ["-e", until]), "close");
    const after = readLoad();
    expect(after.total).toBeGreaterThan(before.total);
    expect(after.busy).toBeGreaterThan(before.busy);
    if (!existsSync("/proc/self/stat")) return;
    const ours = (after.ours as number) - (before.ours as number);
    // The machine may be busy, and then the child had less; but never nothing, and not more than all processors together.
    expect(ours).toBeGreaterThan(20);
    expect(ours).toBeLessThanOrEqual(after.total - before.total + 20);
    expect(others(before, after)).toBeLessThanOrEqual(1);
  });
});

describe("a run on a machine under load", () => {
  it("marks the samples that were disturbed, and only those", async () => {
    const kept = journal();
    const readings = [quiet, later(1000, 0), quiet, later(1000, 800)];
    let at = 0;
    await measure(planOf(kept.header.cases, ["a"], 2, 1), kept, {
      commandOf: () => fake("right"),
      timeout: 15_000,
      readLoad: () => readings[at++] as Reading,
    });
    expect(kept.samples.map(({ disturbed, others: part, load }) => [disturbed, part, load])).toEqual([
      [false, 0, 0.3],
      [true, 0.4, 0.3],
    ]);
  });
});
