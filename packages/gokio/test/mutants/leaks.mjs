/** Wrong ideas of what is left behind. */
const tests = ["diagnostics/leaks.test.ts"];
const file = "diagnostics/leaks.ts";

export const mutants = [
  {
    name: "leftovers get no time to end",
    file,
    find: "left.length > 0 && (turns < TURNS || host.now() < until)",
    replace: "false",
    tests,
  },
  {
    name: "tasks of others count",
    file,
    find: "this.#mark === undefined || extra?.locals?.has(this.#mark) === true",
    replace: "extra !== null",
    tests,
  },
  {
    name: "the task that asks has leaked",
    file,
    find: "task.record === current ||",
    replace: "",
    tests,
  },
  {
    name: "a scope never ends",
    file,
    find: "scope?.isOpen === true",
    replace: "scope === null",
    tests,
  },
  {
    name: "what is to be ignored is told",
    file,
    find: "ignore?.(leak) !== true",
    replace: "leak !== null",
    tests,
  },
];
