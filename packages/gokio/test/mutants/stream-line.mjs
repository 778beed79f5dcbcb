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
    find: "    const below = this.#below();\n    if (below !== GO) return below;\n    if (this.#endFrom !== undefined) return this.#endFrom.end();",
    replace:
      "    if (this.#endFrom !== undefined) return this.#endFrom.end();\n    const below = this.#below();\n    if (below !== GO) return below;",
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
    find: "    yield* this.#closers;\n    yield this.source;",
    replace: "    yield this.source;\n    yield* this.#closers;",
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
];
