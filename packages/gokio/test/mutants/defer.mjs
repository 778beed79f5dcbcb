/** Wrong defers. */
const tests = ["task/defer.test.ts"];

export const mutants = [
  {
    name: "first in, first out",
    file: "task/deferred.ts",
    find: "for (let job = this.jobs.pop(); job !== undefined; job = this.jobs.pop()) {",
    replace: "for (let job = this.jobs.shift(); job !== undefined; job = this.jobs.shift()) {",
    tests,
  },
  {
    name: "one that throws keeps the others from running",
    file: "task/deferred.ts",
    find: "this.errors.push(error);",
    replace: "this.errors.push(error);\n        return;",
    tests,
  },
  {
    name: "async ones are not waited for",
    file: "task/deferred.ts",
    find: "else if (isThenable(result)) yield* watching(result);",
    replace: "",
    tests,
  },
  {
    name: "abort reaches them",
    file: "task/deferred.ts",
    find: "      task.region = TaskRegion.shield(task);\n",
    replace: "",
    tests,
  },
  {
    name: "the outcome of the body is lost",
    file: "task/deferred.ts",
    find: "    task.slot = slot;\n    if (failed) task.flags |= FAILED;\n",
    replace: "",
    tests,
  },
  {
    name: "what they throw is lost",
    file: "task/deferred.ts",
    find: "    for (const error of this.errors) failCleanup(task, error);\n",
    replace: "",
    tests,
  },
];
