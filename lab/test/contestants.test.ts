/** Every JavaScript contestant does every piece of work that it has, at a tiny size, and does it right. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Histogram } from "../contestant/histogram.ts";
import { sampled } from "../contestant/program.ts";
import { flavours } from "../gokio/contestants.ts";
import { peers } from "../rivals/js/peers.ts";
import { workloads } from "../workloads/index.ts";

/** Whole waves, batches and shares of channels; and fewer where one thing takes a millisecond or more. */
const SIZE = 2_000;
const SIZES: Readonly<Record<string, number>> = { empty: 0, sieve: 30, "timer-flood": 5 };
const sizeOf = (workload: string): number => SIZES[workload] ?? SIZE;
const CROWD = { actors: 100, inflight: 50 };

const contestants = new Map(Object.entries(flavours));
for (const [name, load] of Object.entries(peers)) contestants.set(name, await load());

describe.each([...contestants])("%s", (_name, contestant) => {
  it.each(Object.keys(contestant))("%s", async (id) => {
    const workload = workloads.find((each) => each.id === id);
    const size = sizeOf(id);
    const params = id === "headline" ? CROWD : {};
    const line = (await sampled(contestant, id, size, params)) as Line;
    expect(line).toMatchObject({ workload: id, size, check: workload?.expected(size, params) });
    expect(line.ms).toBeGreaterThanOrEqual(0);
    // What the runner computes from it is there.
    for (const measure of workload?.measures ?? []) {
      const values = line.values as Readonly<Record<string, number>>;
      const of = { ms: line.ms, values, size, params, empty: { parked: 1, peak: 1 } };
      expect(measure.of(of), measure.id).toEqual(expect.any(Number));
    }
  });
});

describe("gokio", () => {
  it("does all there is with generators, and all but what has no flavours with async functions", () => {
    const ids = workloads.map(({ id }) => id);
    expect(Object.keys(flavours["generator"] ?? {})).toEqual(ids);
    expect(Object.keys(flavours["async"] ?? {})).toEqual(ids.filter((id) => id !== "cancel-tree"));
  });
});

describe("a contestant's program", () => {
  let folder: string;
  let gokio: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gokio-lab-"));
    const { compile } = (await import(new URL("../compile.mjs", import.meta.url).href)) as Compiler;
    gokio = (await compile(folder)).gokio;
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("prints one line, with the packed gokio", async () => {
    const { stdout } = await run(["generator", "headline", "1000", "actors=50", "inflight=20"]);
    const line = JSON.parse(stdout) as Line & { values: { cdf: [number, number][] } };
    expect(stdout).toBe(`${JSON.stringify(line)}\n`);
    expect(line).toMatchObject({ workload: "headline", size: 1000, check: "1000" });
    expect(line.values.cdf.at(-1)).toEqual([line.values["max"], 1]);
  });

  it("says what it does not have", async () => {
    const { stdout } = await run(["async", "cancel-tree", "10"]);
    expect(JSON.parse(stdout)).toEqual({ workload: "cancel-tree", missing: true });
  });

  it.each([
    ["nobody", "rendezvous", "10"],
    ["async", "rendezvous", "many"],
    ["async", "rendezvous"],
    ["async", "headline", "10", "actors"],
  ])("fails if it is asked for nonsense: %s %s %s %s", async (...args) => {
    await expect(run(args)).rejects.toMatchObject({ code: 1, stdout: "" });
  });

  function run(args: readonly string[]) {
    return promisify(execFile)(process.execPath, [gokio, ...args.filter((arg) => arg !== undefined)]);
  }
});

describe("the histogram", () => {
  it("is within 1 % of the times, and keeps their order", () => {
    const times = Array.from({ length: 10_000 }, (_, i) => 0.002 * 1.002 ** i).filter((ms) => ms < 40_000);
    const histogram = new Histogram();
    for (const ms of times) histogram.record(ms);
    for (const q of [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1]) {
      const exact = times[Math.ceil(q * times.length) - 1] as number;
      expect(histogram.quantile(q)).toBeLessThan(1.01 * exact);
      expect(histogram.quantile(q)).toBeGreaterThanOrEqual(exact);
    }
    const cdf = histogram.cdf();
    expect(cdf).toHaveLength(200);
    expect(cdf).toEqual([...cdf].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
    expect(cdf.at(-1)).toEqual([histogram.max, 1]);
    for (const [ms, share] of cdf) {
      expect(share).toBeCloseTo(times.filter((time) => time <= ms).length / times.length, 2);
    }
  });

  it("takes a time below zero for zero, and one that is too long for the longest", () => {
    const histogram = new Histogram();
    for (const ms of [-1, 0, 1e9]) histogram.record(ms);
    expect(histogram.quantile(0.5)).toBeLessThan(0.0001);
    expect(histogram.quantile(1)).toBeGreaterThan(40_000);
  });
});

interface Line {
  readonly ms: number;
  readonly check: string;
  readonly values: Readonly<Record<string, number | unknown>>;
}

interface Compiler {
  compile(cache: string): Promise<{ gokio: string; js: string }>;
}
