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
    find: "if (this.#op.accepts(shown) && this.#isLinked)",
    replace: "if (this.#op.accepts(shown))",
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
    find: "if (this.receivers.head !== undefined) this.#giveAll(this.see());",
    replace: "if (this.receivers.head !== undefined) this.#giveAll(this.state.value);",
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
    find: "    giveUpAll(this.receivers, new ClosedError(this.label));\n    this.#queueChecks();",
    replace: "    giveUpAll(this.receivers, new ClosedError(this.label));",
    tests,
  },
  {
    name: "a clone has seen nothing",
    file: "chan/watch-receiver.ts",
    find: "new WatchReceiver(state.look(seen))",
    replace: "new WatchReceiver(state.look(-1))",
    tests,
  },
  {
    name: "a value that was sent while the predicate looked is missed",
    file: "chan/wait-for.ts",
    find: "    if (this.#lookedAt !== this.view.state.version) check.queue();\n",
    replace: "",
    tests,
  },
  {
    name: "what was not accepted is given",
    file: "chan/wait-for.ts",
    find: "return this.accepts(shown) ? this.view.saw(shown) : PENDING;",
    replace: "return this.accepts(shown) ? this.view.see() : PENDING;",
    tests,
  },
  {
    name: "a value is sent after the end",
    file: "chan/watch.ts",
    find: "this.#live().set(current.value);",
    replace: "state.set(current.value);",
    tests,
  },
  {
    name: "a loop takes its first value as if it had been seen",
    file: "chan/watch-receiver.ts",
    find: "if (this.#hasBegun || this.#view.isGone)",
    replace: "if (this.#view !== undefined)",
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
