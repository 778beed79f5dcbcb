/** Wrong joins. */
const tests = ["task/join-handle.test.ts"];

export const mutants = [
  {
    name: "a cancelled join stays linked",
    file: "task/join-handle.ts",
    find: "    this.#task.removeJoiner(waiter as Waiter<never>);",
    replace: "",
    tests: tests,
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
    file: "task/join-handle.ts",
    find: "    if (self === task) throw",
    replace: "    if (running !== running) throw",
    tests: tests,
  },
  {
    name: "async code may await its own value",
    file: "task/join-handle.ts",
    find: "running ?? (this.#wantsValue ? currentRegion().task : undefined)",
    replace: "running",
    tests: tests,
  },
  {
    name: "whoever has waited has asked, though it left before the end",
    file: "task/join-handle.ts",
    find: "    return task.finished ? this.#result() : PENDING;",
    replace: "    task.flags |= JOINED;\n    return task.finished ? this.#result() : PENDING;",
    tests: ["task/unjoined.test.ts"],
  },
  {
    name: "whoever is told has not asked",
    file: "task/join-handle.ts",
    find: "    task.flags |= JOINED;\n",
    replace: "",
    tests: ["task/unjoined.test.ts"],
  },
  {
    name: "the wait of a disposal is cancelled",
    file: "task/join-handle.ts",
    find: "task === undefined ? scheduler.root : new FreeRegion(scheduler, region)",
    replace: "region",
    tests: tests,
  },
  {
    name: "an operation that hands on to a join is never told",
    file: "task/task.ts",
    find: "(waiter.slot as Joining).deliver(waiter);",
    replace: "(waiter.op as unknown as Joining).deliver(waiter);",
    tests: tests,
  },
];
