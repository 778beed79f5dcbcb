/** Wrong steps. */
const tests = ["kernel/settling.test.ts", "select/losers.test.ts"];
const file = "kernel/settling.ts";

export const mutants = [
  {
    name: "the next in line is served before all have left",
    file: "kernel/waiter.ts",
    find: "if (op.unlinked !== undefined) later(SERVE, () => op.unlinked?.());",
    replace: "op.unlinked?.();",
    tests,
  },
  {
    name: "what a part causes comes after the rest of its phase",
    file: "kernel/settling.ts",
    find: "function next(): Part | undefined {\n  return phases.find((parts) => parts.length !== 0)?.shift();",
    replace:
      "let current: Ring<Part> | undefined;\nfunction next(): Part | undefined {\n  if (current === undefined || current.length === 0) current = phases.find((parts) => parts.length !== 0);\n  return current?.shift();",
    tests: tests,
  },
  {
    name: "a loser is not stopped",
    file: "select/task-case.ts",
    find: '    later(STOP, () => this.task?.abort("the select is over"));\n',
    replace: "",
    tests,
  },
  {
    name: "a loser is stopped at once, within who beat it",
    file: "select/task-case.ts",
    find: 'later(STOP, () => this.task?.abort("the select is over"));',
    replace: 'this.task?.abort("the select is over");',
    tests,
  },
  {
    name: "listeners run in the waker's frame",
    file: "kernel/settling.ts",
    find: "    else woken.enqueueFirst(AFTERWARDS);",
    replace: "    else runAfterwards();",
    tests: tests,
  },
  {
    name: "listeners run behind who was woken",
    file: "kernel/settling.ts",
    find: "woken.enqueueFirst(AFTERWARDS)",
    replace: "woken.enqueue(AFTERWARDS)",
    tests: tests,
  },
  {
    name: "a race lets listeners run in the waker's frame",
    file: "kernel/race.ts",
    find: "      this.#serveAllBut(winner);\n    }, this.outer.scheduler);",
    replace: "      this.#serveAllBut(winner);\n    });",
    tests: tests,
  },
  {
    name: "a listener runs while others are still linked",
    file,
    find: "  if (!isOpen) runAfterwards();",
    replace: "  runAfterwards();",
    tests,
  },
  {
    name: "a part that throws loses the others",
    file,
    find: "      errors.push(error);",
    replace: "      throw error;",
    tests,
  },
  {
    name: "what a part throws is lost",
    file,
    find: "  if (errors.length !== 0) throw errors[0];\n",
    replace: "",
    tests,
  },
  {
    name: "a member that throws keeps those behind it from being told",
    file: "kernel/cancel-source.ts",
    find: "the others are told all the same.\n      tellMembers(list, cancellation);",
    replace: "the others are told all the same.",
    tests,
  },
  {
    name: "a step that has thrown stays open",
    file: "kernel/settling.ts",
    find: "  isOpen = false;\n  if (afterwards",
    replace: "  if (errors.length === 0) isOpen = false;\n  if (afterwards",
    tests: tests,
  },
  {
    name: "listeners that cause listeners recurse",
    file,
    find: "  if (runners === DEEPEST) return;\n",
    replace: "",
    tests,
  },
  {
    name: "a listener goes on before what it has caused",
    file,
    find: "  if (runners === DEEPEST) return;",
    replace: "  if (runners === 1) return;",
    tests,
  },
];
