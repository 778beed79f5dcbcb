/** Wrong generator tasks. */
const tests = ["kernel/operation.test.ts", "kernel/coroutine.test.ts", "kernel/scheduler.test.ts"];

export const mutants = [
  {
    name: "an aborted wait stays linked",
    file: "kernel/coroutine.ts",
    find: "const remains = op.unlink(this);",
    replace: "const remains = undefined as ReturnType<typeof op.unlink>;",
    tests,
  },
  {
    name: "who stood behind an aborted wait is not served",
    file: "kernel/coroutine.ts",
    find: "    goOnFirst(this, op, remains);",
    replace: "    this.scheduler.enqueueFirst(this);",
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
    find: "waiter.scheduler.enqueueFirst(waiter);",
    replace: "waiter.scheduler.enqueue(waiter);",
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
    find: "  setRunning(task);\n  try {\n    const value = op.try();",
    replace: "  try {\n    const value = op.try();",
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
