/** Wrong uses. */
const tests = ["task/use.test.ts"];
const file = "task/use.ts";

export const mutants = [
  {
    name: "an abort does not dispose",
    file,
    find: "this.#dispose === undefined ? undefined : disposing(this.#dispose, undefined)",
    replace: "undefined",
    tests,
  },
  {
    name: "a throw does not dispose",
    file,
    find: "      yield* disposing(this.#dispose, { error });\n",
    replace: "",
    tests,
  },
  {
    name: "the sync way comes first",
    file,
    find: 'if (typeof disposeAsync === "function")',
    replace: 'if (typeof disposeAsync === "function" && typeof disposeNow !== "function")',
    tests,
  },
  {
    name: "the body's failure is lost",
    file,
    find: "return new AggregateError([failure.error, error],",
    replace: "return error ?? new AggregateError([failure.error, error],",
    tests,
  },
  {
    name: "an Err ends in the body",
    file,
    find: "new ThroughCall(() => runBody(",
    replace: "new (Object.getPrototypeOf(ThroughCall))(() => runBody(",
    tests,
  },
  {
    name: "the resource goes before the cleanup of the body",
    file: "task/child.ts",
    find: "startIn(around, join(child))",
    replace: "startIn(region, join(child))",
    tests,
  },
  {
    name: "a body is no part of the task that waits for it",
    file,
    find: "platform.enter(region, () => settle(region, this.#body(this.#resource)))",
    replace: "settle(region, this.#body(this.#resource))",
    tests,
  },
  {
    name: "a body's task holds the process for a daemon",
    file: "task/child.ts",
    find: "region.daemon ? { daemon: true } : undefined",
    replace: "undefined",
    tests,
  },
];
