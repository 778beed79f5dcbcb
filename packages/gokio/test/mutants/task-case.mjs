/** Wrong ways to run work as a case, and to wait for the cleanup of a loser. */
const tests = ["select/task-case.test.ts", "select/task-case.model.test.ts"];

export const mutants = [
  {
    name: "a loser is not aborted",
    file: "select/task-case.ts",
    find: 'this.task?.abort("the select is over")',
    replace: "undefined",
    tests: tests,
  },
  {
    name: "nobody waits for a loser's cleanup",
    file: "select/task-case.ts",
    find: "    this.#gone = this.#waiter?.hold();\n",
    replace: "",
    tests,
  },
  {
    name: "a loser's failure is dropped",
    file: "select/task-case.ts",
    find: "else if ((task.flags & FAILED) !== 0) reportUnjoined(task);",
    replace: "",
    tests,
  },
  {
    name: "a loser settles the select it lost",
    file: "select/task-case.ts",
    find: "    this.#waiter = undefined;\n",
    replace: "",
    tests,
  },
  {
    name: "a loser that has ended is waited for in vain",
    file: "select/task-case.ts",
    find: "    this.#gone?.();\n",
    replace: "",
    tests,
  },
  {
    name: "a default goes beside a task",
    file: "kernel/race.ts",
    find: "return this.alternatives.some((op) => op.startsWork);",
    replace: "return false;",
    tests,
  },
  {
    name: "a race does not hold the waiter around it",
    file: "kernel/race.ts",
    find: "return this.race.outer.hold();",
    replace: "return super.hold();",
    tests: tests,
  },
  {
    name: "cancellation reaches a generator that is settled and held",
    file: "kernel/coroutine.ts",
    find: "(this.flags & LINKED) !== 0 &&",
    replace: "(this.flags & (LINKED | 2048)) !== 0 &&",
    tests,
  },
  {
    name: "a cancelled generator does not wait for what holds it",
    file: "kernel/waiter.ts",
    find: "if (this.flags >= HELD) this.flags |= DUE;",
    replace: 'if (this.flags >= HELD && !("gen" in this && (this.flags & RETRY) !== 0)) this.flags |= DUE;',
    tests,
  },
  {
    name: "a cancelled promise does not wait for what holds it",
    file: "kernel/waiter.ts",
    find: "if (this.flags >= HELD) this.flags |= DUE;",
    replace: 'if (this.flags >= HELD && ("gen" in this || (this.flags & RETRY) === 0)) this.flags |= DUE;',
    tests,
  },
  {
    name: "only the first of several losers is waited for",
    file: "kernel/waiter.ts",
    find: "    this.flags += HELD;\n    return () => {\n      this.flags -= HELD;",
    replace: "    this.flags |= HELD;\n    return () => {\n      this.flags &= ~HELD;",
    tests: tests,
  },
];
