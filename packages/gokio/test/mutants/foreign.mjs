/** Wrong waits for promises. */
const tests = ["task/foreign.test.ts"];
const file = "task/foreign.ts";

export const mutants = [
  {
    name: "each wait adds a reaction",
    file: "kernel/derived.ts",
    find: "      known.set(key, value);\n",
    replace: "",
    tests,
  },
  { name: "who has left is woken", file, find: "this.#waiters.remove(waiter);", replace: "", tests },
  {
    name: "only the first is told",
    file: "task/foreign.ts",
    find: "for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift())\n      settle(waiter, outcome);",
    replace: "const waiter = this.#waiters.shift();\n    if (waiter !== undefined) settle(waiter, outcome);",
    tests: tests,
  },
  {
    name: "the last is told first",
    file: "task/foreign.ts",
    find: "for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift())\n      settle(waiter, outcome);",
    replace:
      "for (let waiter = this.#waiters.tail; waiter !== undefined; waiter = this.#waiters.tail) {\n      this.#waiters.remove(waiter);\n      settle(waiter, outcome);\n    }",
    tests: tests,
  },
  {
    name: "a rejection is a value",
    file: "kernel/waiter.ts",
    find: "    waiter.fail(error);",
    replace: "    waiter.wake(error as T);",
    tests: tests,
  },
  {
    name: "a rejection is a value to those who come later",
    file: "task/foreign.ts",
    find: "this.#settle(() => {\n          throw error;\n        }),",
    replace: "this.#settle(() => error),",
    tests: tests,
  },
  {
    name: "undefined is no value",
    file: "task/foreign.ts",
    find: "return this.#outcome === undefined ? PENDING : this.#outcome();",
    replace: "return this.#outcome?.() ?? PENDING;",
    tests: tests,
  },
  {
    name: "promises are kept alive",
    file: "kernel/derived.ts",
    find: "new WeakMap<K, V>()",
    replace: "new Map<K, V>()",
    tests,
  },
];
