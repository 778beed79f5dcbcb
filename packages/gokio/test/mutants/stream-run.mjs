/** Wrong runs of a stream, and wrong pulls. */
const tests = ["stream/leaving.test.ts", "stream/pulling.test.ts", "stream/laziness.test.ts"];
const models = ["stream/leaving.model.test.ts"];
const file = "stream/run.ts";

export const mutants = [
  {
    name: "after what was waited for, what is held is left for later",
    file,
    find: "        if (signal !== GO) continue;\n",
    replace: "        continue;\n",
    tests,
  },
  {
    name: "a pull from inside a stage advances the line, too",
    file,
    find: "this.#isAdvancing || (this.#task",
    replace: "(this.#task",
    tests,
  },
  {
    name: "a pull runs async code in its own frame",
    file,
    find: "this.#isAdvancing = line.isInline = true;",
    replace: "this.#isAdvancing = true;",
    tests: models,
  },
  {
    name: "cleanup that has to be waited for is not gone on with",
    file,
    find: "        this.#start(false);\n        return;\n      }\n    }\n    this.#finish();",
    replace: "        return;\n      }\n    }\n    this.#finish();",
    tests,
  },
  {
    name: "a failure is told again and again",
    file,
    find: "    const failure = this.#failure;\n    this.#failure = undefined;\n    return failure;",
    replace: "    const failure = this.#failure;\n    return failure;",
    tests: models,
  },
  {
    name: "a producer under a cut runs all the same",
    file,
    find: " && !line.isCut) {",
    replace: ") {",
    tests,
  },
  {
    name: "a task that is ended with its parent fails a stream that is being left",
    file,
    find: " && settled.reason !== LEFT && !this.#isLeaving) {",
    replace: " && settled.reason !== LEFT) {",
    tests: models,
  },
  {
    name: "what the task waits for is not let go",
    file: "stream/run.ts",
    find: "    if (!this.isWanted) this.#pause();\n",
    replace: "",
    tests: tests,
  },
  {
    name: "an upstream ends with the task that pulls it, and not in its turn",
    file: "stream/upstream.ts",
    find: "    run.isOrphan = true;\n",
    replace: "",
    tests,
  },
  {
    name: "what the cleanup of an upstream throws is lost",
    file: "stream/upstream.ts",
    find: "    if (failure !== undefined) throw failure.error;\n",
    replace: "",
    tests,
  },
  {
    name: "a loop that is cancelled leaves the stream open",
    file: "stream/pulls.ts",
    find: "    super.unlink(waiter);\n    (this.run as StreamRun<T>).leave(waiter.hold());",
    replace: "    super.unlink(waiter);",
    tests: models,
  },
  {
    name: "a function that makes the items is called for a close",
    file: "stream/sources/source-of.ts",
    find: "source: () => new Deferred(items, by), stages",
    replace: "source: () => makerOf(items(), by)(), stages",
    tests,
  },
  {
    name: "who else waits is forgotten when an item is delivered in the reaction",
    file: "stream/run.ts",
    find: "    this.#deliver();\n    return this.isWanted;",
    replace: "    this.#deliver();\n    return false;",
    tests: ["stream/leaving.test.ts", "stream/reaction.test.ts"],
  },
  {
    name: "a failure in the reaction is lost",
    file: "stream/run.ts",
    find: "      if (task.op === parkedOn) task.fail(error);\n      return;",
    replace: "      void error;\n      return;",
    tests: ["stream/reaction.test.ts"],
  },
  {
    name: "a stream without end keeps timers from moving",
    file: "stream/run.ts",
    find: "if (--budget.credit < 0 && budget.isExhausted()) task.wake(value);",
    replace: "if (budget === undefined) task.wake(value);",
    tests: ["stream/reaction.test.ts"],
  },
];
