/** Wrong TaskTrackers. */
const tests = ["group/task-tracker.test.ts", "group/counters.model.test.ts"];
const file = "group/task-tracker.ts";

export const mutants = [
  {
    name: "an open tracker lets everyone through",
    file,
    find: "return this.closed && this.size === 0;",
    replace: "return this.size === 0;",
    tests,
  },
  {
    name: "a closed tracker does not wait for what is tracked",
    file,
    find: "return this.closed && this.size === 0;",
    replace: "return this.closed;",
    tests,
  },
  {
    name: "closing wakes nobody",
    file,
    find: "    this.#core.closed = true;\n    this.#core.gate.open();",
    replace: "    this.#core.closed = true;",
    tests,
  },
  {
    name: "the last end wakes nobody",
    file,
    find: "    this.size--;\n    this.gate.open();",
    replace: "    this.size--;",
    tests,
  },
  {
    name: "a token counts each time it is disposed",
    file,
    find: "        core?.done();\n        core = undefined;",
    replace: "        core?.done();",
    tests,
  },
  {
    name: "failures are lost",
    file,
    find: "if ((task.flags & FAILED) !== 0) reportUnjoined(task);",
    replace: "",
    tests,
  },
  {
    name: "a cancelled wait stays linked",
    file: "group/gate.ts",
    find: "this.#waiters.remove(waiter);",
    replace: "",
    tests,
  },
];
