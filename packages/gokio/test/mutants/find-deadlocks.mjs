/** Wrong ideas of who can never go on. */
const tests = ["diagnostics/find-deadlocks.test.ts"];

export const mutants = [
  {
    name: "one of several that are all needed is enough",
    file: "diagnostics/cycle.ts",
    find: "all ? of.length : 1",
    replace: "1",
    tests: ["diagnostics/cycle.model.test.ts"],
  },
  {
    name: "components are closed too early",
    file: "diagnostics/cycle.ts",
    find: "else if (component[target] === -1) lower(node, order[target] as number);",
    replace: "",
    tests: ["diagnostics/cycle.model.test.ts"],
  },
  {
    name: "any cycle will do, not the shortest",
    file: "diagnostics/cycle.ts",
    find: "for (const node of reached) {\n    for (const target of edges[node] as number[]) {",
    replace:
      "for (let node = reached.pop(); node !== undefined; node = reached.pop()) {\n    for (const target of edges[node] as number[]) {",
    tests: ["diagnostics/cycle.model.test.ts"],
  },
  {
    name: "a deadline around does not count",
    file: "diagnostics/wait-graph.ts",
    find: "if ((each.until ?? Number.POSITIVE_INFINITY) < Number.POSITIVE_INFINITY) return true;",
    replace: "",
    tests,
  },
  {
    name: "the wish to be told of one's own end is a wait",
    file: "diagnostics/wait-graph.ts",
    find: "!alternatives.some((each) => isOwnEnd(each, record))",
    replace: "true",
    tests,
  },
  {
    name: "all that a scope waits for must be stuck",
    file: "diagnostics/wait-graph.ts",
    find: "all: of.length > 0 && each.op.needsAll?.() === true",
    replace: "all: false",
    tests,
  },
  {
    name: "a second phase is taken for something that goes on",
    file: "diagnostics/wait-graph.ts",
    find: "if (isDecided && (waiter.flags < HELD || alternatives.length > 1)) return undefined;",
    replace: "if (isDecided) return undefined;",
    tests,
  },
  {
    name: "a channel is known from any of its senders",
    file: "diagnostics/ends.ts",
    find: "    if (!isFirst(end, of)) return;\n",
    replace: "",
    tests,
  },
  {
    name: "each check tells all there is",
    file: "diagnostics/find-deadlocks.ts",
    find: "this.#last.set(key, last.has(key));",
    replace: "this.#last.set(key, false);",
    tests,
  },
  {
    name: "what was seen once is told",
    file: "diagnostics/find-deadlocks.ts",
    find: "last.get(keyOf(each)) === false",
    replace: "last.get(keyOf(each)) !== true",
    tests,
  },
  {
    name: "the report lists daemons",
    file: "diagnostics/deadlock.ts",
    find: "taken.tasks.filter((task) => !task.daemon)",
    replace: "taken.tasks",
    tests: ["diagnostics/deadlock-report.test.ts"],
  },
  {
    name: "the report does not say who holds what",
    file: "diagnostics/deadlock.ts",
    find: "unsaid.length === 0",
    replace: "unsaid.length >= 0",
    tests: ["diagnostics/deadlock-report.test.ts"],
  },
];
