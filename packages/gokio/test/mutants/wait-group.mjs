/** Wrong WaitGroups. */
const tests = ["group/wait-group.test.ts", "group/counters.model.test.ts"];
const file = "group/wait-group.ts";
const counter = "group/counter.ts";

export const mutants = [
  { name: "it goes below zero", file, find: "if (count + delta < 0) {", replace: "if (false) {", tests },
  {
    name: "the counter is changed before it is checked",
    file,
    find: "    if (count + delta < 0) {",
    replace: "    this.#counter.count += delta;\n    if (count + delta < 0) {",
    tests,
  },
  {
    name: "zero wakes nobody",
    file: counter,
    find: "    this.count += delta;\n    this.gate.open();",
    replace: "    this.count += delta;",
    tests,
  },
  {
    name: "one is as good as zero",
    file: counter,
    find: "this.closed && this.count === 0;",
    replace: "this.closed && this.count <= 1;",
    tests,
  },
  {
    name: "the end of a task is not counted",
    file: counter,
    find: "if (this.count > 0) this.add(-1);",
    replace: "",
    tests,
  },
  {
    name: "failures are lost",
    file: counter,
    find: "if ((task.flags & FAILED) !== 0) reportUnjoined(task);",
    replace: "",
    tests,
  },
  {
    name: "only the first who waits goes on",
    file: "group/gate.ts",
    find: "for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) this.#let(waiter);",
    replace: "const waiter = this.#waiters.shift(); if (waiter !== undefined) this.#let(waiter);",
    tests,
  },
];
