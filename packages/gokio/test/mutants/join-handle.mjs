/** Wrong joins. */
const tests = ["task/join-handle.test.ts"];

export const mutants = [
  {
    name: "a cancelled join stays linked",
    file: "task/join-handle.ts",
    find: "    this.task.removeJoiner(waiter as Waiter<never>);",
    replace: "",
    tests,
  },
  {
    name: "only the first joiner is told",
    file: "task/task.ts",
    find: "for (let waiter = joiners.shift(); waiter !== undefined; waiter = joiners.shift()) {",
    replace: "for (let waiter = joiners.shift(); waiter !== undefined; waiter = undefined) {",
    tests,
  },
  {
    name: "joiners are told last in, first out",
    file: "task/task.ts",
    find: "for (let waiter = joiners.shift(); waiter !== undefined; waiter = joiners.shift()) {",
    replace:
      "for (let waiter = joiners.tail; waiter !== undefined; waiter = joiners.tail) {\n    joiners.remove(waiter);",
    tests,
  },
  {
    name: "an aborted task joins as undefined",
    file: "task/task.ts",
    find: "    if ((this.flags & UNWINDING) !== 0) throw new JoinAbortedError(this.label, this.extra?.abortedBy?.error);\n",
    replace: "",
    tests,
  },
  {
    name: "a failure joins as a value",
    file: "task/task.ts",
    find: "    if ((this.flags & FAILED) !== 0) throw this.slot;\n",
    replace: "",
    tests,
  },
  {
    name: "abort asks again",
    file: "task/task.ts",
    find: "    if ((this.flags & (ENDED | ABORTED)) !== 0) return false;\n",
    replace: "",
    tests,
  },
  {
    name: "a task may join itself",
    file: "task/task.ts",
    find: "    if (running === this) throw",
    replace: "    if (running !== running) throw",
    tests,
  },
];
