/**
 * What gokio costs, in numbers that a noisy machine can't blur, is what it cost before; and whoever makes it cost more is told.
 *
 * The figures are those of packages/gokio/dist: `npm test` builds it first.
 */
import { join } from "node:path";
import process from "node:process";
import { beforeAll, describe, expect, it } from "vitest";
import { majorOf, readBaselines, writeBaselines } from "../guard/baseline.ts";
import { cases } from "../guard/cases/index.ts";
import { type Change, changes, unexplained } from "../guard/compare.ts";
import { compile } from "../guard/compile.mjs";
import type { Figures } from "../guard/figures.ts";
import { measureAll } from "../guard/run.ts";
import { adviceOn, tableOf } from "../guard/told.ts";
import { lock, task, work, worse } from "./guard-worse.ts";
import { folder } from "./support.ts";

/** The guard takes a few seconds on a machine of its own, and is one of many on this one. */
const TIMEOUT = 180_000;

let programs: string;

beforeAll(async () => {
  const test = import.meta.dirname;
  programs = await compile([join(test, "../guard/child.ts"), join(test, "guard-worse.ts")], "guard-test");
});

const baselines = readBaselines();
const baseline = baselines[majorOf(process.versions.node)];

describe("the figures", () => {
  it("are there for the oldest Node that gokio runs on, for all that is measured and for nothing else", () => {
    expect(Object.keys(baselines["20"]?.figures ?? {})).toEqual(cases.map(({ name }) => name));
  });

  it("have a reason wherever optimised code is thrown away", () => {
    for (const { figures } of Object.values(baselines)) expect(unexplained(cases, figures)).toEqual([]);
  });

  it.skipIf(baseline === undefined)("are what they were", { timeout: TIMEOUT }, async () => {
    const now = await measureAll({ program: join(programs, "guard/child.js"), cases });
    const found = changes(baseline?.figures ?? {}, now);
    if (found.length > 0) expect.fail(`${tableOf(found)}\n\n${adviceOn(found)}`);
  });
});

describe("what has become worse", () => {
  let measured: Readonly<Record<string, Figures>>;
  const compared = (before: string, now: string): [Change["verdict"], string, number][] =>
    changes({ it: measured[before] as Figures }, { it: measured[now] as Figures }).map((change) => [
      change.verdict,
      change.what,
      Math.round(Number(change.now) - Number(change.before)),
    ]);

  beforeAll(async () => {
    const program = join(programs, "test/guard-worse.js");
    measured = await measureAll({ program, cases: worse.filter(({ name }) => name !== "not done") });
  }, TIMEOUT);

  it("is noticed: 64 bytes more", () => {
    expect(compared(lock.name, "64 bytes more")).toEqual([["worse", "bytes allocated each time", 64]]);
  });

  it("is noticed: a promise, and what waits for it", () => {
    const found = compared(lock.name, "a promise and a microtask more");
    expect(found).toContainEqual(["worse", "promises made each time", 2]);
    expect(found).toContainEqual(["worse", "microtasks each time", 1]);
  });

  it("is noticed: code that is optimised for nothing", () => {
    expect(compared(lock.name, "a deoptimisation")).toContainEqual(["worse", "deoptimisations in a run", 1]);
  });

  it("is noticed: a heavier task", () => {
    const found = compared(task.name, "64 bytes heavier");
    expect(found).toEqual([["worse", "bytes on the heap for each", expect.any(Number)]]);
    // With its place in an array.
    expect(found[0]?.[2]).toBeGreaterThanOrEqual(64);
    expect(found[0]?.[2]).toBeLessThan(84);
  });

  it("is noticed: a turn of the event loop", () => {
    expect(compared(work.name, "a turn more")).toEqual([["worse", "turns of the event loop in a run", 1]]);
  });

  it("is a gain the other way round", () => {
    expect(compared("64 bytes more", lock.name)).toEqual([["better", "bytes allocated each time", -64]]);
  });

  it("is noticed: work that is not done at all", { timeout: TIMEOUT }, async () => {
    const measuring = measureAll({
      program: join(programs, "test/guard-worse.js"),
      cases: worse.filter(({ name }) => name === "not done"),
    });
    await expect(measuring).rejects.toThrow("not done: done 4999 times, not 5000");
  });
});

describe("what is told", () => {
  const before = { a: { bytes: 100, deopts: 0 }, b: { turns: 10 }, gone: { weight: 1 } };

  it("is nothing, within what is allowed", () => {
    expect(changes(before, { ...before, a: { bytes: 102.2, deopts: 0 } })).toEqual([]);
    expect(changes({ a: { promises: 1.01 } }, { a: { promises: 1 } })).toEqual([]);
  });

  it("is what it was, what it is, and what to do", () => {
    const found = changes(before, { a: { bytes: 102.3, deopts: 0 }, b: { turns: 9 }, fresh: { weight: 2 } });
    expect(tableOf(found)).toBe(
      [
        "what   figure                            before    now  allowed",
        "a      bytes allocated each time          100.0  102.3    ± 2.2  worse",
        "b      turns of the event loop in a run      10      9      ± 0  better",
        "gone   bytes on the heap for each           1.0      –    ± 2.0  gone",
        "fresh  bytes on the heap for each             –    2.0        –  new",
      ].join("\n"),
    );
    expect(adviceOn(found)).toMatch(
      /^Worse: .*\n.*\nBetter: .*\nNew or gone: .*\n\nTo note them: npm run guard -- --update$/,
    );
  });

  it("includes code that is thrown away without a reason given", () => {
    const throwing = { [lock.name]: { deopts: 1 } };
    expect(unexplained([lock], throwing)).toEqual([lock.name]);
    expect(unexplained([{ ...lock, deoptimised: "V8 does" }], throwing)).toEqual([]);
    expect(unexplained([lock], { [lock.name]: { deopts: 0 } })).toEqual([]);
  });

  it("can be read back", () => {
    const file = join(folder(), "baseline.json");
    expect(readBaselines(file)).toEqual({});
    const made = { 20: { node: "20.1.2", figures: { a: { bytes: 1.5 } } } };
    writeBaselines(made, file);
    expect(readBaselines(file)).toEqual(made);
    expect(majorOf("v20.1.2")).toBe("20");
  });
});
