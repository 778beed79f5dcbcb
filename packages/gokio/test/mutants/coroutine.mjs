/** Wrong generator tasks. */
const tests = ["kernel/operation.test.ts", "kernel/coroutine.test.ts", "kernel/scheduler.test.ts"];

export const mutants = [
  {
    name: "an aborted wait stays linked",
    file: "kernel/waiter.ts",
    find: "    op.unlink(this);\n    this.slot = undefined;",
    replace: '    if (!("gen" in this)) op.unlink(this);\n    this.slot = undefined;',
    tests,
  },
  {
    name: "who stood behind an aborted wait is not served",
    file: "kernel/waiter.ts",
    find: "    this.goOn();\n    unlinked(op);",
    replace: '    this.goOn();\n    if (!("gen" in this)) unlinked(op);',
    tests,
  },
  {
    name: "a task that was woken already is unwound, and its value lost",
    file: "kernel/advance.ts",
    find: "else if ((task.flags & RETRY) === 0) advance(task, resume(task));",
    replace:
      "else if ((task.flags & RETRY) === 0 && cancellationOf(task) === undefined) advance(task, resume(task));\n  else if ((task.flags & RETRY) === 0) { beginUnwinding(task, TASK); advance(task, returnFrom(task)); }",
    tests,
  },
  {
    name: "an aborted task waits for its turn",
    file: "kernel/waiter.ts",
    find: "this.scheduler.enqueueFirst(this);",
    replace: "this.scheduler.enqueue(this);",
    tests,
  },
  {
    name: "cleanup is not shielded",
    file: "kernel/advance.ts",
    find: "if (landing === undefined) task.flags |= UNWINDING;",
    replace: "",
    tests,
  },
  {
    name: "only the topmost generator is unwound",
    file: "kernel/frame.ts",
    find: "const onward = this.returning ? this.#unwindOn(task) : this.onward",
    replace: "const onward = this.onward",
    tests,
  },
  {
    name: "what cleanup throws is lost",
    file: "kernel/frame.ts",
    find: "if (landing === undefined) task.cleanupFailed(task.slot);",
    replace: "if (landing === undefined) task.slot = undefined;",
    tests,
  },
  {
    name: "what was cancelled goes on last",
    file: "kernel/scheduler.ts",
    find: "this.#urgent.push(job);",
    replace: "this.#queue.push(job);",
    tests,
  },
  {
    name: "the budget is never spent",
    file: "kernel/budget.ts",
    find: "if (--this.#strides <= 0 || this.#host.now() >= this.#turnEnds) {",
    replace: "if (this.#strides < -1) {",
    tests: ["kernel/scheduler.host.test.ts"],
  },
  {
    name: "an abort while it is linked is missed",
    file: "kernel/coroutine.ts",
    find: "    if ((this.flags & INTERRUPTED) !== 0) this.interrupt();\n",
    replace: "",
    tests: ["task/once.test.ts"],
  },
  {
    name: "one that was interrupted once is slow for good",
    file: "kernel/advance.ts",
    find: "  if (found === undefined && (task.flags & ABORTED) === 0) task.flags &= ~INTERRUPTED;\n",
    replace: "",
    tests: ["kernel/coroutine.test.ts"],
  },
  {
    name: "what a shield keeps off is forgotten",
    file: "kernel/advance.ts",
    find: "    if (region.shielded) return found;",
    replace: "    if (region.shielded) break;",
    tests: ["kernel/coroutine.test.ts", "task/shield.test.ts"],
  },
  {
    name: "a late try is nobody's",
    file: "kernel/advance.ts",
    find: "  setRunning(task);\n  try {\n    step = task.driveSlow(op);",
    replace: "  try {\n    step = task.driveSlow(op);",
    tests: ["kernel/ambience.test.ts"],
  },
  {
    name: "a for…of loop takes what is ready",
    file: "kernel/operation.ts",
    find: " || arguments.length === 0",
    replace: "",
    tests: ["kernel/coroutine.test.ts"],
  },
];
