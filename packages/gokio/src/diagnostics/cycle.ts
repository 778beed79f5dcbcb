/**
 * Wait-for graphs: who can never go on, and the cycles among them.
 *
 * # Algorithm
 *
 * A node goes on when one of its needs is met; a need is met when one of the nodes it names can go on, or, where it takes them all, all can. What is
 * *stuck* is what is left when everything has gone on that can: the nodes that can are found by going backwards from those that need nothing, each edge
 * looked at once.
 *
 * Among the stuck, a cycle is a strongly connected component (Tarjan's algorithm, with a list instead of the stack); of each component the shortest cycle through its first
 * node is told.
 *
 * @module
 */

/** What could let a node go on. */
export interface Need {
  readonly of: readonly number[];
  /** Whether it takes them all. */
  readonly all: boolean;
}

/** For each node what it needs, one of which is enough; `undefined` if it can go on by itself. */
export type WaitGraph = readonly (readonly Need[] | undefined)[];

/** For each node whether it can never go on. */
export function stuckIn(graph: WaitGraph): boolean[] {
  const stuck = graph.map(() => true);
  const missing: number[] = [];
  const owners: number[] = [];
  const wanted: number[][] = graph.map(() => []);
  const free: number[] = [];
  const release = (node: number): void => {
    if (stuck[node] !== true) return;
    stuck[node] = false;
    free.push(node);
  };
  graph.forEach((needs, node) => {
    if (needs === undefined) release(node);
    for (const { of, all } of needs ?? []) {
      const need = missing.push(all ? of.length : 1) - 1;
      owners.push(node);
      for (const each of of) wanted[each]?.push(need);
      if (missing[need] === 0) release(node);
    }
  });
  for (const node of free) {
    for (const need of wanted[node] as number[]) {
      if (--(missing[need] as number) === 0) release(owners[need] as number);
    }
  }
  return stuck;
}

/** One cycle of each component of `nodes` that has one, from its first node on. */
export function cyclesIn(graph: WaitGraph, nodes: readonly boolean[]): number[][] {
  const edges = graph.map((needs, node) => (nodes[node] === true ? targetsOf(needs, nodes) : []));
  const component = componentsOf(edges, nodes);
  const cycles: number[][] = [];
  const done = new Set<number>();
  for (let node = 0; node < edges.length; node++) {
    const own = component[node] as number;
    if (own < 0 || done.has(own)) continue;
    done.add(own);
    const cycle = shortestThrough(node, edges, component);
    if (cycle !== undefined) cycles.push(cycle);
  }
  return cycles;
}

function targetsOf(needs: readonly Need[] | undefined, nodes: readonly boolean[]): number[] {
  const targets = new Set<number>();
  for (const { of } of needs ?? []) for (const each of of) if (nodes[each] === true) targets.add(each);
  return [...targets];
}

/** The component of each node, by the number of one of its nodes; -1 for what is none of `nodes`. */
function componentsOf(edges: readonly number[][], nodes: readonly boolean[]): number[] {
  const component = edges.map(() => -1);
  const order = edges.map(() => -1);
  const low = edges.map(() => 0);
  const open: number[] = [];
  let visited = 0;
  /** A node, and how many of its edges were followed. */
  const path: [node: number, next: number][] = [];
  const enter = (node: number): void => {
    order[node] = low[node] = visited++;
    open.push(node);
    path.push([node, 0]);
  };
  const lower = (node: number, to: number): void => {
    low[node] = Math.min(low[node] as number, to);
  };
  const close = (node: number): void => {
    for (let member = -1; member !== node; ) {
      member = open.pop() as number;
      component[member] = node;
    }
  };
  for (let root = 0; root < edges.length; root++) {
    if (nodes[root] !== true || order[root] !== -1) continue;
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const [node] = top;
      const target = (edges[node] as number[])[top[1]++];
      if (target === undefined) {
        path.pop();
        if (low[node] === order[node]) close(node);
        const below = path.at(-1);
        if (below !== undefined) lower(below[0], low[node] as number);
      } else if (order[target] === -1) enter(target);
      else if (component[target] === -1) lower(node, order[target] as number);
    }
  }
  return component;
}

/** The shortest cycle from `start` back to it, within its component; `undefined` if there is none. */
function shortestThrough(
  start: number,
  edges: readonly number[][],
  component: readonly number[],
): number[] | undefined {
  const cameFrom = new Map<number, number>();
  const reached = [start];
  for (const node of reached) {
    for (const target of edges[node] as number[]) {
      if (target === start) return wayTo(node, start, cameFrom);
      if (component[target] !== component[start] || cameFrom.has(target)) continue;
      cameFrom.set(target, node);
      reached.push(target);
    }
  }
  return undefined;
}

function wayTo(end: number, start: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const way = [end];
  for (let node = end; node !== start; ) {
    node = cameFrom.get(node) as number;
    way.push(node);
  }
  return way.reverse();
}
