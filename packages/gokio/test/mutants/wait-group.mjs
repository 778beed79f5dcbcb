/** Wrong WaitGroups. */
const tests = ["group/wait-group.test.ts", "group/counters.model.test.ts"];
const file = "group/wait-group.ts";

export const mutants = [
  { name: "it goes below zero", file, find: "if (count < 0) throw", replace: "if (false) throw", tests },
  {
    name: "the counter is changed before it is checked",
    file,
    find: "    if (count < 0) throw",
    replace: "    this.count = count;\n    if (count < 0) throw",
    tests,
  },
  {
    name: "zero wakes nobody",
    file,
    find: "    this.count = count;\n    this.gate.open();",
    replace: "    this.count = count;",
    tests,
  },
  { name: "one is as good as zero", file, find: "return this.count === 0;", replace: "return this.count <= 1;", tests },
  { name: "the end of a task is not counted", file, find: "if (this.count > 0) this.add(-1);", replace: "", tests },
  {
    name: "failures are lost",
    file,
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
