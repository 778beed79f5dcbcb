/** Wrong starts of tasks. */
const tests = ["task/spawn.test.ts"];
const file = "task/spawn.ts";

export const mutants = [
  { name: "what is no function is found out late", file, find: 'checkFunction("body", body);', replace: "", tests },
  {
    name: "the body runs inside spawn",
    file: "task/task.ts",
    find: "    scheduler.enqueue(this);\n  }",
    replace: "    this.run();\n  }",
    tests,
  },
  {
    name: "a new task goes before those that were ready",
    file: "task/task.ts",
    find: "    scheduler.enqueue(this);\n  }",
    replace: "    scheduler.enqueueFirst(this);\n  }",
    tests,
  },
  {
    name: "a task is queued twice",
    file: "task/task.ts",
    find: "    scheduler.enqueue(this);\n  }",
    replace: "    scheduler.enqueue(this);\n    scheduler.enqueue(this);\n  }",
    tests,
  },
  {
    name: "the task-locals are left behind",
    file,
    find: "within.locals, options, parent, group",
    replace: "undefined, options, parent, group",
    tests,
  },
  {
    name: "the options are forgotten",
    file,
    find: "within.locals, options, parent, group",
    replace: "within.locals, undefined, parent, group",
    tests,
  },
  {
    name: "a task is a child of who spawned it",
    file,
    find: "spawnIn(surroundings(), body as AnyBody, options)",
    replace: "spawnIn(surroundings(), body as AnyBody, options, surroundings() as never)",
    tests,
  },
];
