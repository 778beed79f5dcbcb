/** Wrong dumps. */
const model = ["diagnostics/model.test.ts"];
const dump = ["diagnostics/dump.test.ts"];

export const mutants = [
  {
    name: "only the first wait of async code is seen",
    file: "kernel/deadlock.ts",
    find: `      if ("first" in member) regions.push(member as MemberList);
`,
    replace: "",
    tests: model,
  },
  {
    name: "a wait that is settled is still parked",
    file: "diagnostics/state.ts",
    find: "if (waiter.op !== undefined && (waiter.flags & (LINKED | DUE)) !== 0) parked.push(waiter);",
    replace: "if (due < 1) parked.push(waiter);",
    tests: model,
  },
  {
    name: "an async task without waits is runnable",
    file: "diagnostics/state.ts",
    find: 'return due > 0 ? "runnable" : "foreign await";',
    replace: 'return "runnable";',
    tests: model,
  },
  {
    name: "cleanup in a shield is nobody's",
    file: "diagnostics/model.ts",
    find: "const task = this.#tasks.get((waiter as { region?: { task?: unknown } }).region?.task);",
    replace: "const task = this.#tasks.get(waiter);",
    tests: model,
  },
  {
    name: "races in races are not taken apart",
    file: "diagnostics/resource.ts",
    find: "if (each instanceof RaceOperation) unseen",
    replace: "if (each instanceof RaceOperation && leaves === undefined) unseen",
    tests: model,
  },
  {
    name: "senders of a channel wait for something else than its receivers",
    file: "diagnostics/resource.ts",
    find: "about.inlet ?? about.core ?? channelOf(about.sender)",
    replace: "about.inlet ?? about.sender ?? about.core",
    tests: model,
  },
  {
    name: "what somebody waits for twice is held twice",
    file: "diagnostics/holdings.ts",
    find: "const known = holds.find((each) => each.resource === resource && each.description === what);",
    replace: "const known = undefined as Mutable<Holding> | undefined;",
    tests: dump,
  },
  {
    name: "tasks are folded whoever holds what they wait for, and wherever they are",
    file: "diagnostics/fold.ts",
    find: "for (const wait of waits) parts.push(keyOfWait(wait));",
    replace: "",
    tests: dump,
  },
  {
    name: "numbers in names tell tasks apart",
    file: "diagnostics/fold.ts",
    find: 'name?.replace(/\\d+/g, "#"),',
    replace: "name,",
    tests: dump,
  },
  {
    name: "in a graph, channels that look alike are one",
    file: "diagnostics/graph.ts",
    find: "alternatives.map(({ resource }) => resource?.id ?? 0).join()",
    replace: "alternatives.length",
    tests: dump,
  },
];
