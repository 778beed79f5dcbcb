/** Wrong loops. */
const tests = ["task/each.test.ts"];
const file = "task/each.ts";

export const mutants = [
  {
    name: "the iterator is not told of an abort",
    file,
    find: "if (!this.isPulling) return super.leaveBegun(task);",
    replace: "if (!this.isPulling) return undefined;",
    tests,
  },
  {
    name: "the iterator is waited for though it is pulling",
    file,
    find: "if (!this.isPulling) return super",
    replace: "if (task !== undefined) return super",
    tests,
  },
  {
    name: "the iterator is not told of a throw",
    file,
    find: "yield* quietly(this.close(runningTask()));",
    replace: "",
    tests,
  },
  {
    name: "the iterator is not told of STOP",
    file,
    find: "return yield* this.close(task);",
    replace: "return;",
    tests,
  },
  {
    name: "the end of the iterator is told to it",
    file,
    find: "if (item.done === true) return;\n",
    replace: "if (item.done === true) return yield* this.close(task);\n",
    tests,
  },
  {
    name: "a source that wants to know is not told",
    file,
    find: "return source[leaving] === undefined",
    replace: "return source !== undefined",
    tests,
  },
  {
    name: "the end of a loop is not waited for",
    file,
    find: "yield* shield(() => this.#source[leaving]?.());",
    replace: "void this.#source[leaving]?.().then();",
    tests,
  },
  {
    name: "a loop is as any other pull",
    file,
    find: "source[looping]?.() ?? source[nexting]",
    replace: "source[nexting]",
    tests,
  },
  {
    name: "an Err ends in the loop",
    file,
    find: "new ThroughCall(() => runBody(body, item))",
    replace: "new (Object.getPrototypeOf(ThroughCall))(() => runBody(body, item))",
    tests,
  },
  {
    name: "async bodies are not waited for",
    file: "task/run-body.ts",
    find: "return isDrivable(result) ? yield* result : yield* awaiting(task, result);",
    replace: "return isDrivable(result) ? yield* result : result;",
    tests,
  },
];
