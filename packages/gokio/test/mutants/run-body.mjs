/** Wrong ways to run what a body returned. */
const tests = ["task/run-body.test.ts"];
const file = "task/run-body.ts";

export const mutants = [
  {
    name: "what is lazy is started as async code is",
    file,
    find: "return isDrivable(result) ? yield* result : yield*",
    replace: "return yield*",
    tests: tests,
  },
  {
    name: "a task that is returned cannot be left",
    file,
    find: "  if (result instanceof JoinHandle) return yield* join(result);\n",
    replace: "",
    tests: tests,
  },
  {
    name: "async code does not know whose it is",
    file,
    find: "task.callForeign(() => body(...args))",
    replace: "body(...args)",
    tests: tests,
  },
  {
    name: "async code is abandoned",
    file,
    find: "  task.region = TaskRegion.shield(around);\n",
    replace: "",
    tests: tests,
  },
  {
    name: "the shield around async code stays",
    file,
    find: "  } finally {\n    task.region = region;\n  }",
    replace: "  } finally {\n  }",
    tests: tests,
  },
  {
    name: "a generator sees the abort that its async code met",
    file,
    find: "    if (error === around.cancellation?.error) yield* CHECKPOINT;\n",
    replace: "",
    tests: tests,
  },
  {
    name: "an item's body is part of the loop's own generator",
    file: "task/each.ts",
    find: "new ThroughCall(() => runBody(body, item))",
    replace: "runBody(body, item)",
    tests: tests,
  },
  {
    name: "an attempt starts a block as a promise",
    file: "task/attempt.ts",
    find: " && !isDrivable(work)",
    replace: "",
    tests: tests,
  },
  {
    name: "wait starts what runs a body",
    file: "task/wait.ts",
    find: "  if (isDrivable(work))",
    replace: "  if (isDrivable(work) && work === undefined)",
    tests: tests,
  },
];
