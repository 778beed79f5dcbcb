/** Wrong lines of stages. */
const tests = ["stream/laziness.test.ts", "stream/leaving.test.ts", "stream/pulling.test.ts"];
const file = "stream/line.ts";

export const mutants = [
  {
    name: "only the last of those that hold something is asked before the source",
    file,
    find: "      if (signal !== GO) return signal;\n    }\n    return GO;",
    replace: "      return signal;\n    }\n    return GO;",
    tests,
  },
  {
    name: "the end comes before what is held",
    file,
    find: "      let signal = this.#below();\n      if (signal === GO && this.#above",
    replace:
      "      let signal: Signal = this.#endFrom === undefined ? this.#below() : GO;\n      if (signal === GO && this.#above",
    tests,
  },
  {
    name: "what is held above a cut is forgotten, not closed",
    file,
    find: "if (holder.index < index) this.#leftOver.push(holder);",
    replace: "if (holder.index < index) continue;",
    tests,
  },
  {
    name: "what is held below a cut is left over",
    file,
    find: "holder.index < index",
    replace: "holder.index >= index",
    tests,
  },
  {
    name: "a cut is no end",
    file,
    find: "    this.#endFrom = below;\n",
    replace: "",
    tests,
  },
  {
    name: "the first that holds something is closed first",
    file,
    find: "yield* this.#held.reverse();",
    replace: "yield* this.#held;",
    tests,
  },
  {
    name: "the source is closed before what is below it",
    file,
    find: "    yield* closers;\n    if (this.#isSourceClosed) return;\n    this.#isSourceClosed = true;\n    yield this.source;\n",
    replace:
      "    if (!this.#isSourceClosed) yield this.source;\n    yield* closers;\n    if (this.#isSourceClosed) return;\n    this.#isSourceClosed = true;\n",
    tests,
  },
  {
    name: "upstreams are not closed",
    file,
    find: "    yield* this.source.upstreams;\n",
    replace: "",
    tests,
  },
  {
    name: "nobody else is ever due",
    file,
    find: "return budget.isExhausted();",
    replace: "return false;",
    tests: ["stream/pulling.test.ts"],
  },
  {
    name: "what is above a cut is closed only at the end",
    file: "stream/line.ts",
    find: "    if (below instanceof Stage) this.#above = this.#partsAbove(index);\n",
    replace: "",
    tests: ["stream/closing.test.ts"],
  },
  {
    name: "what is above a cut is not waited for",
    file: "stream/line.ts",
    find: "return this.isInline ? BREATHE : this.wait(this.#closing, this.#closed);",
    replace: "this.#closing = undefined; return GO;",
    tests: ["stream/laziness.test.ts", "stream/leaving.model.test.ts"],
  },
];
