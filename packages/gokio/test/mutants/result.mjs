/** Wrong results. */
const tests = ["result.test.ts", "task/attempt.test.ts", "task/use.test.ts"];

export const mutants = [
  {
    name: "catch runs",
    file: "kernel/leave.ts",
    find: "    return returnFrom(task, this.outcome);",
    replace:
      "    try {\n      return task.gen?.throw(this.outcome);\n    } catch (error) {\n      task.slot = error;\n      task.flags |= 8;\n      return undefined;\n    }",
    tests,
  },
  {
    name: "the Err is lost on the way",
    file: "kernel/advance.ts",
    find: "return stepBy(task, (gen) => gen.return(outcome));",
    replace: "return stepBy(task, (gen) => gen.return(undefined));",
    tests,
  },
  {
    name: "what fails on the way out goes on as the Err",
    file: "kernel/frame.ts",
    find: "if ((task.flags & FAILED) !== 0 || (!isCleanup",
    replace: "if ((!isCleanup",
    tests,
  },
  {
    name: "an Ok is left with, too",
    file: "result.ts",
    find: "return new Unwrapped(this.value);",
    replace: "return new Leave(this) as never;",
    tests,
  },
  {
    name: "map touches an Err",
    file: "result.ts",
    find: '  map(change: unknown): this {\n    checkFunction("change", change);',
    replace: '  map(change: unknown): this {\n    checkFunction("change", change)(this.error as never);',
    tests,
  },
  {
    name: "attempt throws on what is no Error",
    file: "task/attempt.ts",
    find: "thrown instanceof Error ? thrown : new Error",
    replace: "thrown instanceof Error || thrown === undefined ? thrown : new Error",
    tests,
  },
  {
    name: "attempt does not take a Result apart",
    file: "task/attempt.ts",
    find: "  if (value instanceof Err) return [undefined, value.error];\n",
    replace: "",
    tests,
  },
  {
    name: "a promise that was attempted is unhandled",
    file: "task/attempt.ts",
    find: "    if (work instanceof Promise) watching(work);\n",
    replace: "",
    tests,
  },
];
