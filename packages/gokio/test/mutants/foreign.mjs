/** Wrong waits for promises. */
const tests = ["task/foreign.test.ts"];
const file = "task/foreign.ts";

export const mutants = [
  { name: "each wait adds a reaction", file, find: "watched.set(promise, watch);", replace: "", tests },
  { name: "who has left is woken", file, find: "this.#waiters.remove(waiter);", replace: "", tests },
  {
    name: "only the first is told",
    file,
    find: "for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) {",
    replace: "const waiter = this.#waiters.shift();\n    if (waiter !== undefined) {",
    tests,
  },
  {
    name: "the last is told first",
    file,
    find: "for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) {",
    replace:
      "for (let waiter = this.#waiters.tail; waiter !== undefined; waiter = this.#waiters.tail) {\n      this.#waiters.remove(waiter);",
    tests,
  },
  {
    name: "a rejection is a value",
    file,
    find: "else waiter.fail(outcome);",
    replace: "else waiter.wake(outcome);",
    tests,
  },
  {
    name: "a rejection is a value to those who come later",
    file,
    find: 'if (this.#state === "rejected") throw this.#outcome;',
    replace: "",
    tests,
  },
  {
    name: "undefined is no value",
    file,
    find: 'return this.#state === "pending" ?',
    replace: "return this.#outcome === undefined ?",
    tests,
  },
  {
    name: "promises are kept alive",
    file,
    find: "const watched = new WeakMap<object, Watch>();",
    replace: "const watched = new Map<object, Watch>();",
    tests,
  },
];
