/** Wrong ways to close a stream that has failed. */
const tests = ["stream/closing.test.ts"];
const file = "stream/run.ts";

export const mutants = [
  {
    name: "leaving cuts the closing short",
    file,
    find: "      task.region = TaskRegion.shield(task);\n",
    replace: "      void task;\n",
    tests,
  },
  {
    name: "a pull that is given up stops the closing",
    file,
    find: "if (task === undefined || this.isIdle || this.isAdvancing || this.#ending.isClosing) return;",
    replace: "if (task === undefined || this.isIdle || this.isAdvancing) return;",
    tests,
  },
  {
    name: "the failure is lost",
    file: "stream/run.ts",
    find: '    if (settled.status === "failed") ending.failure = { error: settled.error };\n',
    replace: '    if (settled.status === "failed") void 0;\n',
    tests: tests,
  },
  {
    name: "what takes long to close is not waited for",
    file: "stream/ending.ts",
    find: "if (pending !== undefined) yield* pending instanceof",
    replace: "if (pending === undefined) yield* pending instanceof",
    tests,
  },
  { name: "the source is not closed", file: "stream/line.ts", find: "    yield this.source;\n", replace: "", tests },
];
