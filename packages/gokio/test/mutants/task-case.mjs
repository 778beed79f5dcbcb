/** Wrong ways to run work as a case, and to wait for what remains of a loser. */
const tests = ["select/task-case.test.ts", "select/task-case.model.test.ts"];

export const mutants = [
  {
    name: "a loser is not aborted",
    file: "select/task-case.ts",
    find: 'this.task?.abort("the select is over");',
    replace: "",
    tests: tests,
  },
  {
    name: "nobody waits for a loser's cleanup",
    file: "select/task-case.ts",
    find: "return (waiter.slot as Running).lose();",
    replace: "(waiter.slot as Running).lose(); return undefined;",
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
    name: "a decided race does not commit the waiter around it",
    file: "kernel/race.ts",
    find: "        this.outer?.commit();\n        whenAllGone",
    replace: "        whenAllGone",
    tests: tests,
  },
  {
    name: "a committed branch leaves its siblings linked",
    file: "kernel/race.ts",
    find: "      this.#unlinkAllBut(winner);\n      this.outer?.commit();",
    replace: "      this.outer?.commit();",
    tests: tests,
  },
  {
    name: "cancellation reaches a committed generator",
    file: "kernel/coroutine.ts",
    find: "(this.flags & (LINKED | COMMITTED)) === LINKED",
    replace: "(this.flags & LINKED) !== 0",
    tests,
  },
  {
    name: "a cancelled generator does not wait for what remains",
    file: "kernel/coroutine.ts",
    find: "goOnFirst(this, op, remains);",
    replace: "goOnFirst(this, op, undefined);",
    tests,
  },
  {
    name: "a cancelled promise does not wait for what remains",
    file: "kernel/promise-waiter.ts",
    find: "goOnFirst(this, op, remains);",
    replace: "goOnFirst(this, op, undefined);",
    tests,
  },
  {
    name: "only the last of several losers is waited for",
    file: "kernel/waiter.ts",
    find: "  let left = all.length;",
    replace: "  let left = 1;",
    tests: tests,
  },
];
