/** Wrong watches. */
const tests = ["chan/watch.test.ts", "chan/watch.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled waitFor stays linked",
    file: "chan/wait-for.ts",
    find: "    this.view.checks.remove(waiter as Waiter);\n",
    replace: "",
    tests,
  },
  {
    name: "a cancelled waitFor is still checked",
    file: "chan/wait-for.ts",
    find: "    if (!this.#isLinked) return;\n",
    replace: "",
    tests,
  },
  {
    name: "a predicate that ends its wait is not heard",
    file: "chan/wait-for.ts",
    find: "if (this.#op.accepts() && this.#isLinked)",
    replace: "if (this.#op.accepts())",
    tests,
  },
  {
    name: "a check is queued only once",
    file: "chan/wait-for.ts",
    find: "    this.#queued = false;\n",
    replace: "",
    tests,
  },
  {
    name: "a value that was waited for is not seen",
    file: "chan/watch-state.ts",
    find: "this.#giveAll(this.see());",
    replace: "this.#giveAll(this.state.value);",
    tests,
  },
  {
    name: "a new value wakes only the first at each receiver",
    file: "chan/watch-state.ts",
    find: "  #giveAll(value: T): void {\n",
    replace:
      "  #giveAll(value: T): void {\n    if (this !== undefined) return give(this.receivers.shift() as Waiter, value);\n",
    tests,
  },
  {
    name: "a receiver with a check is forgotten after one value",
    file: "chan/watch-state.ts",
    find: "    if (this.checks.head === undefined) this.state.parked.delete(this);",
    replace: "    this.state.parked.delete(this);\n    if (this.checks.head === undefined) return;",
    tests,
  },
  {
    name: "the end does not look at the last value",
    file: "chan/watch-state.ts",
    find: "    giveUpAll(this.receivers, new ClosedError(this.describe()));\n    this.#queueChecks();",
    replace: "    giveUpAll(this.receivers, new ClosedError(this.describe()));",
    tests,
  },
  {
    name: "a clone has seen nothing",
    file: "chan/watch-receiver.ts",
    find: "this.#view.state.look(this.#view.seen)",
    replace: "this.#view.state.look(-1)",
    tests,
  },
  {
    name: "what was not modified is sent",
    file: "chan/watch.ts",
    find: "if (modify(current) !== true) return false;",
    replace: "modify(current);",
    tests,
  },
];
