/** Wrong single-flights. */
const tests = ["sync/single-flight.test.ts"];

export const mutants = [
  {
    name: "a cancelled caller stays linked",
    file: "sync/single-flight.ts",
    find: "flight.waiters.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "the work goes on when everybody has left",
    file: "sync/single-flight.ts",
    find: "override unlinked(): void {\n    this.#core.abandon();\n  }",
    replace: "",
    tests,
  },
  {
    name: "any caller that leaves stops the work",
    file: "sync/single-flight.ts",
    find: "if (flight.waiters.head === undefined) flight.abort();",
    replace: "flight.abort();",
    tests,
  },
  {
    name: "each caller does its own work",
    file: "sync/single-flight.ts",
    find: "if (flight === undefined) {",
    replace: "if (flight !== null) {",
    tests,
  },
  {
    name: "results are kept",
    file: "sync/single-flight.ts",
    find: "ended(task: TaskRecord): void {\n    this.#core.forget(this);",
    replace: "ended(task: TaskRecord): void {",
    tests,
  },
  {
    name: "a flight that ends takes its successor off the map",
    file: "sync/single-flight.ts",
    find: "if (this.flights.get(flight.key) === flight) this",
    replace: "this",
    tests,
  },
  {
    name: "an abandoned flight is joined",
    file: "sync/single-flight.ts",
    find: "abort(): void {\n    this.#core.forget(this);",
    replace: "abort(): void {",
    tests,
  },
  {
    name: "errors reach one caller",
    file: "kernel/wake-all.ts",
    find: "waiter = list.shift()) waiter.fail(error);",
    replace: "waiter = undefined) waiter.fail(error);",
    tests,
  },
  {
    name: "errors are reported though somebody got them",
    file: "sync/single-flight.ts",
    find: 'outcome.status === "failed" && this.waiters.head === undefined',
    replace: 'outcome.status === "failed"',
    tests,
  },
  {
    name: "the work for a daemon holds the process",
    file: "sync/single-flight.ts",
    find: '{ name: "single-flight", daemon }',
    replace: '{ name: "single-flight" }',
    tests,
  },
];
