/** Wrong selects, and wrong races under them. */
const tests = ["kernel/race.test.ts", "select/select.test.ts", "select/select.model.test.ts"];

export const mutants = [
  {
    name: "the losers behind the first stay linked",
    file: "kernel/race.ts",
    find: "const remains = branch === settled ? undefined :",
    replace: "const remains = branch === settled || branch.index > 0 ? undefined :",
    tests,
  },
  {
    name: "the first case is favoured",
    file: "select/select.ts",
    find: "const pick = left === 1 ? 0 : host.random() % left;",
    replace: "const pick = 0;",
    tests: tests,
  },
  {
    name: "the last case is never picked first",
    file: "select/select.ts",
    find: "host.random() % left;",
    replace: "host.random() % Math.max(1, left - 1);",
    tests: tests,
  },
  {
    name: "a case is tried twice, and another not at all",
    file: "select/select.ts",
    find: "order[pick] = order[left - 1] as number;",
    replace: "",
    tests,
  },
  {
    name: "the winner is woken before the losers are unlinked",
    file: "kernel/race.ts",
    find: "      this.#unlinkAllBut(winner);\n      if (this.#remains === undefined) this.#tellOuter(winner, value, failed);\n      else {",
    replace:
      "      this.#tellOuter(winner, value, failed);\n      this.#unlinkAllBut(winner);\n      if (this.#remains !== undefined) {",
    tests: tests,
  },
  {
    name: "the winner is woken twice",
    file: "kernel/race.ts",
    find: "    else settle(outer, () => this.#op.won(winner.index, value));",
    replace:
      "    else {\n      settle(outer, () => this.#op.won(winner.index, value));\n      settle(outer, () => this.#op.won(winner.index, value));\n    }",
    tests: tests,
  },
  {
    name: "the queues that losers left are not served",
    file: "kernel/race.ts",
    find: "if (i !== settled.index) unlinked(ops[i] as Operation<unknown>);",
    replace: "if (i === -1) unlinked(ops[i] as Operation<unknown>);",
    tests: ["kernel/operation.test.ts"],
  },
  {
    name: "the default wins though a case is ready",
    file: "select/select.ts",
    find: "return won === PENDING && this.#fallback !== undefined ?",
    replace: "return this.#fallback !== undefined ?",
    tests,
  },
  {
    name: "biased is not",
    file: "select/select.ts",
    find: "const won = this.#biased ?",
    replace: "const won = this.#biased && this.#keys.length === 0 ?",
    tests,
  },
];
