/** The finder of cycles, against naive ones, on random wait-for graphs. */
import { describe, expect, test } from "vitest";
import { cyclesIn, type Need, stuckIn, type WaitGraph } from "../../src/diagnostics/cycle.ts";
import { xorshift } from "../../src/kernel/xorshift.ts";

const SEEDS = 3000;

/** Sparse and dense ones, with nodes that are free, need one of several, or all, and some that nothing helps. */
function randomGraph(random: () => number): WaitGraph {
  const size = 1 + (random() % 9);
  const freedom = 2 + (random() % 6);
  const node = (): number => random() % size;
  return Array.from({ length: size }, () => {
    if (random() % freedom === 0) return undefined;
    return Array.from({ length: random() % 3 }, (): Need => {
      return { of: Array.from({ length: random() % 4 }, node), all: random() % 2 === 0 };
    });
  });
}

/** Lets go on whoever can, again and again. */
function naivelyStuck(graph: WaitGraph): boolean[] {
  const stuck = graph.map(() => true);
  for (let hasMoved = true; hasMoved; ) {
    hasMoved = false;
    graph.forEach((needs, node) => {
      const isFree = ({ of, all }: Need): boolean =>
        all ? of.every((each) => !stuck[each]) : of.some((each) => !stuck[each]);
      if (stuck[node] === false || (needs !== undefined && !needs.some(isFree))) return;
      stuck[node] = false;
      hasMoved = true;
    });
  }
  return stuck;
}

/** How many steps it takes from each node to each, by trying all ways in between. */
function distances(graph: WaitGraph, nodes: readonly boolean[]): number[][] {
  const far = graph.map((needs, from) =>
    graph.map((_, to) => {
      const leads = nodes[from] === true && nodes[to] === true && needs?.some(({ of }) => of.includes(to)) === true;
      return leads ? 1 : Number.POSITIVE_INFINITY;
    }),
  );
  for (let by = 0; by < graph.length; by++) {
    for (const row of far) {
      row.forEach((length, to) => {
        row[to] = Math.min(length, (row[by] as number) + (far[by]?.[to] as number));
      });
    }
  }
  return far;
}

describe("on random wait-for graphs", () => {
  test("exactly those are stuck who can never go on", () => {
    const counts = [0, 0];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const graph = randomGraph(xorshift(seed));
      const stuck = stuckIn(graph);
      expect(stuck, `seed ${seed}`).toEqual(naivelyStuck(graph));
      for (const each of stuck) (counts[Number(each)] as number)++;
    }
    // Neither is rare.
    expect(Math.min(...counts)).toBeGreaterThan(SEEDS);
  });

  test("each group of nodes that reach each other has one cycle, the shortest through its first node", () => {
    let most = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const graph = randomGraph(xorshift(seed));
      const nodes = seed % 2 === 0 ? stuckIn(graph) : graph.map(() => true);
      const far = distances(graph, nodes);
      const isOnCycle = (node: number): boolean => Number.isFinite(far[node]?.[node]);
      const together = (a: number, b: number): boolean => Number.isFinite(far[a]?.[b]) && Number.isFinite(far[b]?.[a]);
      const firsts = [...graph.keys()].filter(
        (node) => isOnCycle(node) && ![...graph.keys()].some((other) => other < node && together(node, other)),
      );
      const cycles = cyclesIn(graph, nodes);
      expect(
        cycles.map(([first]) => first),
        `seed ${seed}`,
      ).toEqual(firsts);
      for (const cycle of cycles) {
        cycle.forEach((node, i) => {
          expect(far[node]?.[cycle[(i + 1) % cycle.length] as number], `seed ${seed}`).toBe(1);
        });
        expect(cycle.length, `seed ${seed}`).toBe(far[cycle[0] as number]?.[cycle[0] as number]);
        expect(new Set(cycle).size).toBe(cycle.length);
        most = Math.max(most, cycle.length);
      }
    }
    expect(most).toBeGreaterThan(4);
  });

  test("a ring and a chain of 10⁵ are walked without recursion", () => {
    const size = 100_000;
    const ring: WaitGraph = Array.from({ length: size }, (_, i) => [{ of: [(i + 1) % size], all: true }]);
    const stuck = stuckIn(ring);
    expect(stuck.every(Boolean)).toBe(true);
    expect(cyclesIn(ring, stuck).map((cycle) => cycle.length)).toEqual([size]);
    const chain = ring.map((needs, i) => (i === size - 1 ? undefined : needs));
    expect(stuckIn(chain).some(Boolean)).toBe(false);
    expect(
      cyclesIn(
        chain,
        ring.map(() => true),
      ),
    ).toEqual([]);
  });
});
