/** Wrong loops. */
const tests = ["task/each.test.ts"];
const file = "task/each.ts";

export const mutants = [
  {
    name: "the iterator is not told of an abort",
    file,
    find: "if (!this.#isPulling) return closing(runningTask(), iterator);",
    replace: "if (!this.#isPulling) return undefined;",
    tests,
  },
  {
    name: "the iterator is waited for though it is pulling",
    file,
    find: "if (!this.#isPulling) return",
    replace: "if (iterator !== undefined) return",
    tests,
  },
  {
    name: "the iterator is not told of a throw",
    file,
    find: "yield* quietly(closing(runningTask(), this.#iterator as AsyncIterator<unknown>));",
    replace: "",
    tests,
  },
  {
    name: "the iterator is not told of STOP",
    file,
    find: "return yield* closing(task, iterator);",
    replace: "return;",
    tests,
  },
  {
    name: "the end of the iterator is told to it",
    file,
    find: "if (item.done === true) return;\n",
    replace: "if (item.done === true) return yield* closing(task, iterator);\n",
    tests,
  },
  {
    name: "an Err ends in the loop",
    file,
    find: "new ThroughCall(() => runBody(this.#body, item))",
    replace: "new (Object.getPrototypeOf(ThroughCall))(() => runBody(this.#body, item))",
    tests,
  },
  {
    name: "async bodies are not waited for",
    file,
    find: "return isThenable(result) ? yield* watching(result) : result;\n}\n\nfunction runningTask",
    replace: "return result;\n}\n\nfunction runningTask",
    tests,
  },
];
