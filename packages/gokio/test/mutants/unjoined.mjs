/** Wrong reports of failures that nobody joined. */
const tests = ["task/unjoined.test.ts"];
const file = "task/unjoined.ts";

export const mutants = [
  {
    name: "a hook that throws keeps the others from being told",
    file,
    find: "      void Promise.reject(broken);",
    replace: "      throw broken;",
    tests: tests,
  },
  {
    name: "what a hook throws is lost",
    file,
    find: "      void Promise.reject(broken);",
    replace: "",
    tests: tests,
  },
  {
    name: "a hook is given the task",
    file,
    find: "{ id, name }: FailedTask): boolean {\n  for (const hook of hooks) {\n    try {\n      if (hook(error, { id, name }) === true) return true;",
    replace:
      "task: FailedTask): boolean {\n  for (const hook of hooks) {\n    try {\n      if (hook(error, task) === true) return true;",
    tests: tests,
  },
  {
    name: "a hook sees a stranger's context",
    file,
    find: "  platform.isolated(() => {\n    if (isHandled?.(error, task) !== true) void Promise.reject(error);\n  });",
    replace: "  if (isHandled?.(error, task) !== true) void Promise.reject(error);",
    tests: tests,
  },
  {
    name: "what a hook has dealt with is reported on",
    file,
    find: "=== true) return true;",
    replace: "=== true) return false;",
    tests: tests,
  },
  {
    name: "a failure that was joined late is reported at once",
    file: "task/unjoined.ts",
    find: "  const look = (): void => {",
    replace: "  report(task);\n  const look = (): void => {",
    tests: tests,
  },
];
