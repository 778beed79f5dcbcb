/** Wrong calls. */
const tests = ["task/call.test.ts", "kernel/coroutine.test.ts"];
const file = "task/call.ts";

export const mutants = [
  { name: "what is no function is found out late", file, find: 'checkFunction("body", body);', replace: "", tests },
  {
    name: "awaited, the body runs at once, on the caller's stack",
    file,
    find: "return Promise.resolve()\n      .then(() => settle(region, this.#call()))",
    replace: "return Promise.resolve(settle(region, this.#call()))",
    tests,
  },
  {
    name: "awaited, a generator does not belong to the task",
    file: "task/child.ts",
    find: "region.daemon ? { daemon: true } : undefined, region)",
    replace: "region.daemon ? { daemon: true } : undefined)",
    tests: ["task/call.test.ts", "task/run-body.test.ts"],
  },
  {
    name: "a call that has ended does not uncover its caller's caller",
    file: "kernel/frame.ts",
    find: "task.frame = this.parent;",
    replace: "task.frame = undefined;",
    tests,
  },
  {
    name: "a throw of the body ends the task",
    file: "kernel/frame.ts",
    find: "    } catch (error) {\n      threw(task, error);\n    }\n    setRunning(undefined);\n    return resume(task);",
    replace: "    } catch {\n      task.slot = undefined;\n    }\n    setRunning(undefined);\n    return resume(task);",
    tests,
  },
  {
    name: "an abort at the bottom leaves the frames above",
    file: "kernel/frame.ts",
    find: "    task.slot = undefined;\n    task.frame?.startReturning(landing);\n    return ABORTED_WITH;",
    replace: "    task.slot = undefined;\n    return ABORTED_WITH;",
    tests,
  },
];
