/** The order is random, and the seed repeats it. */
import { describe, expect, it } from "vitest";
import { casesOf, nameOf, planOf } from "../runner/plan.ts";
import { caseOf } from "./support.ts";

const cases = [caseOf("rendezvous"), caseOf("buffered"), caseOf("ping-pong")];
const contestants = ["a", "b", "c", "d"];
const names = (seed: number): string[] => planOf(cases, contestants, 4, seed).map(nameOf);

describe("the plan", () => {
  it("has each sample once", () => {
    expect(new Set(names(1)).size).toBe(3 * 4 * 4);
    expect(names(1)).toHaveLength(3 * 4 * 4);
  });

  it("is repeated by the seed, and by no other", () => {
    expect(names(7)).toEqual(names(7));
    expect(names(7)).not.toEqual(names(8));
  });

  it("has the contestants of a workload right after one another, round by round", () => {
    const plan = planOf(cases, contestants, 4, 5);
    for (let i = 0; i < plan.length; i += contestants.length) {
      const group = plan.slice(i, i + contestants.length);
      expect(new Set(group.map((sample) => sample.contestant)).size).toBe(4);
      expect(new Set(group.map((sample) => `${sample.case.key} ${sample.round}`)).size).toBe(1);
      expect(group[0]?.round).toBe(Math.floor(i / 12) + 1);
    }
  });

  it("lets each contestant come first about as often as any other", () => {
    const firsts = new Map<string, number>();
    const plan = planOf([caseOf("rendezvous")], contestants, 400, 11);
    for (let i = 0; i < plan.length; i += 4) {
      const id = plan[i]?.contestant as string;
      firsts.set(id, (firsts.get(id) ?? 0) + 1);
    }
    for (const id of contestants) expect(Math.abs((firsts.get(id) ?? 0) - 100)).toBeLessThan(40);
  });
});

describe("the cases", () => {
  it("are all but those of growth", () => {
    const all = casesOf({ filters: [], quick: false, growth: false });
    expect(all.length).toBeGreaterThanOrEqual(27);
    expect(all.every(({ main }) => main)).toBe(true);
    expect(all.filter(({ workload }) => workload === "headline").map(({ params }) => params["inflight"])).toEqual([
      10_000, 1_000, 100,
    ]);
  });

  it("are those of the workloads that are named, with the empty process where memory is compared", () => {
    const workloads = (filter: string): string[] => [
      ...new Set(casesOf({ filters: [filter], quick: true, growth: false }).map(({ workload }) => workload)),
    ];
    expect(workloads("headline")).toEqual(["headline", "empty"]);
    expect(workloads("sieve")).toEqual(["sieve"]);
    expect(workloads("contended")).toEqual(["mutex", "semaphore"]);
    expect(workloads("nonsense")).toEqual([]);
    // A whole name is not a part of others.
    expect(workloads("select")).toEqual(["select"]);
    expect(workloads("selec")).toEqual(["select", "select-anew"]);
  });

  it("of the headline's growth have a tenth as many messages in flight as there are actors", () => {
    const grown = casesOf({ filters: ["headline"], quick: false, growth: true }).filter(({ n }) => n !== undefined);
    expect(grown.map(({ params }) => [params["actors"], params["inflight"]])).toEqual([
      [10_000, 1_000],
      [100, 10],
      [1_000, 100],
      [100_000, 10_000],
      [1_000_000, 100_000],
    ]);
  });

  it("are measured once where a size of growth is the usual one", () => {
    const wakes = casesOf({ filters: ["wake"], quick: false, growth: true });
    expect(wakes.map(({ size, main, n }) => [size, main, n])).toEqual([
      [1_000_000, true, 1_000_000],
      [100, false, 100],
      [1_000, false, 1_000],
      [10_000, false, 10_000],
      [100_000, false, 100_000],
    ]);
  });
});
