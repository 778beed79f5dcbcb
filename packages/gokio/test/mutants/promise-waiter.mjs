/** Wrong await drivers. */
const tests = ["kernel/operation.test.ts", "kernel/promise-waiter.test.ts"];
const file = "kernel/promise-waiter.ts";

export const mutants = [
  {
    name: "an aborted wait stays linked",
    file: "kernel/waiter.ts",
    find: "    op.unlink(this);\n    this.slot = undefined;",
    replace: '    if ("gen" in this) op.unlink(this);\n    this.slot = undefined;',
    tests,
  },
  {
    name: "who stood behind an aborted wait is not served",
    file: "kernel/waiter.ts",
    find: "    this.goOn();\n    unlinked(op);",
    replace: '    this.goOn();\n    if ("gen" in this) unlinked(op);',
    tests,
  },
  {
    name: "a wait does not belong to its task",
    file,
    find: "if (region.cancellation === undefined) region.add(this);\n    else",
    replace: "if (region.cancellation !== undefined)",
    tests,
  },
  {
    name: "a wait that was woken can still be cancelled",
    file,
    find: "const isSettled = (this.flags & LINKED) === 0;",
    replace: "const isSettled = false;",
    tests,
  },
  {
    name: "the wait of a task that is over is an unhandled rejection",
    file,
    find: "    this.promise.catch(nothing);",
    replace: "",
    tests,
  },
  {
    name: "a wait that meets the abort does not tell the task",
    file,
    find: "      this.slot = cancellation.error;\n      this.region.refused();",
    replace: "      this.slot = cancellation.error;",
    tests: [...tests, "task/abort.test.ts"],
  },
  {
    name: "a wait in a cancelled region is started all the same",
    file,
    find: "if (cancellation !== undefined) {\n    region.refused();",
    replace: "if (cancellation === null) {\n    region.refused();",
    tests,
  },
  {
    name: "an abort while it is linked is missed",
    file: "kernel/promise-waiter.ts",
    find: "if (region.cancellation === undefined) region.add(this);\n    else this.cancelled(region.cancellation);",
    replace: "region.add(this);",
    tests: ["task/once.test.ts"],
  },
];
