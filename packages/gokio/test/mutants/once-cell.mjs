/** Wrong once-cells. */
const tests = ["sync/once-cell.test.ts"];

export const mutants = [
  {
    name: "a cancelled caller stays linked",
    file: "sync/queued.ts",
    find: "this.queue.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "a cancelled init goes on",
    file: "sync/once-cell.ts",
    find: "override unlinked(): void {\n    this.#core.abandon();\n  }",
    replace: "",
    tests,
  },
  {
    name: "any caller that leaves stops the init",
    file: "sync/once-cell.ts",
    find: "if (this.owner === undefined) this.task",
    replace: "this.task",
    tests,
  },
  {
    name: "the next init does not wait for the cancelled one",
    file: "sync/once-cell.ts",
    find: "if (core.owner === waiter) core.owner = undefined;",
    replace: "if (core.owner === waiter) { core.owner = undefined; core.task = undefined; }",
    tests,
  },
  {
    name: "each caller runs its own init",
    file: "sync/once-cell.ts",
    find: "if (core.task === undefined) core.begin();",
    replace: "core.begin();",
    tests,
  },
  {
    name: "after a failure nobody tries again",
    file: "sync/once-cell.ts",
    find: "    this.begin();\n  }\n\n  /** Nobody",
    replace: "  }\n\n  /** Nobody",
    tests,
  },
  {
    name: "a failure is everybody's",
    file: "sync/once-cell.ts",
    find: "this.queue.remove(owner);\n      owner.fail(failureOf(task));",
    replace:
      "for (let each = this.queue.shift(); each !== undefined; each = this.queue.shift()) each.fail(failureOf(task));",
    tests,
  },
  {
    name: "only the first caller is served",
    file: "kernel/wake-all.ts",
    find: "waiter = list.shift()) waiter.wake(value);",
    replace: "waiter = undefined) waiter.wake(value);",
    tests,
  },
  {
    name: "a cell that is being filled can be set",
    file: "sync/once-cell.ts",
    find: "if (core.isSet || core.task !== undefined) return false;",
    replace: "if (core.isSet) return false;",
    tests,
  },
  {
    name: "the init of a daemon holds the process",
    file: "sync/once-cell.ts",
    find: ", daemon: head.daemon }",
    replace: " }",
    tests,
  },
];
