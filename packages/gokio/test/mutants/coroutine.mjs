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
    find: "else remains.whenGone(() => this.scheduler.enqueueFirst(this));\n    unlinked(op);",
    replace: "else remains.whenGone(() => this.scheduler.enqueueFirst(this));",
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
    file: "kernel/coroutine.ts",
    find: "if (remains === undefined) this.scheduler.enqueueFirst(this);",
    replace: "if (remains === undefined) this.scheduler.enqueue(this);",
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
    file: "kernel/advance.ts",
    find: "if (!ended.returning) return ",
    replace: "if (ended !== undefined) return ",
    tests,
  },
  {
    name: "what cleanup throws is lost",
    file: "kernel/advance.ts",
    find: "task.cleanupFailed(task.slot);",
    replace: "void 0;",
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
    find: "if (--this.#strides <= 0 || this.#clock >= this.#turnEnds) {",
    replace: "if (this.#strides < -1) {",
    tests: ["kernel/scheduler.host.test.ts"],
  },
];
