/** Wrong ways to hold something. */
const tests = ["sync/holding.test.ts"];
const file = "sync/holding.ts";

export const mutants = [
  {
    name: "what is held goes before the cleanup of the body",
    file: "task/child.ts",
    find: "startIn(around, join(child))",
    replace: "startIn(region, join(child))",
    tests,
  },
  {
    name: "a body is no part of the generator task that calls for it",
    file,
    find: "platform.enter(region, () => settle(region, this.#body(held)))",
    replace: "settle(region, this.#body(held))",
    tests,
  },
  {
    name: "the task of a body holds the process for a daemon",
    file: "task/child.ts",
    find: "region.daemon ? { daemon: true } : undefined",
    replace: "undefined",
    tests,
  },
  {
    name: "the task of a body goes on when its caller is cancelled",
    file: "task/child.ts",
    find: "undefined, region);\n  // The root",
    replace: "undefined);\n  // The root",
    tests,
  },
  {
    name: "anything can be held",
    file,
    find: 'if (typeof held?.[dispose] === "function") return held;',
    replace: "if (true) return held;",
    tests,
  },
  {
    name: "an async caller keeps what it held",
    file,
    find: "settle(region, this.#body(held)));\n    } finally {\n      held[dispose]();",
    replace: "settle(region, this.#body(held)));\n    } finally {",
    tests,
  },
];
