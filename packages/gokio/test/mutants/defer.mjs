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
    name: "what they return is not run",
    file: "task/deferred.ts",
    find: "yield* new Call(() => runBody(body));",
    replace: "body();",
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
    find: "    for (const error of this.errors) task.cleanupFailed(error);\n",
    replace: "",
    tests: tests,
  },
  {
    name: "an err in one skips the others",
    file: "task/deferred.ts",
    find: "yield* new Call(() => runBody(body));",
    replace: "yield* runBody(body);",
    tests: ["task/run-body.test.ts"],
  },
  {
    name: "an err that one ends with is lost",
    file: "task/deferred.ts",
    find: "        if (outcome instanceof Err) outcome.unwrap();\n",
    replace: "",
    tests: ["task/run-body.test.ts"],
  },
];
