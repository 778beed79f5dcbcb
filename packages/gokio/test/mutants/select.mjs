/** Wrong selects, and wrong races under them. */
const tests = ["kernel/race.test.ts", "select/select.test.ts", "select/select.model.test.ts"];

export const mutants = [
  {
    name: "the losers behind the first stay linked",
    file: "kernel/race.ts",
    find: "if (branch !== settled) unlink(branch);",
    replace: "if (branch !== settled && branch.index === 0) unlink(branch);",
    tests,
  },
  {
    name: "the first case is favoured",
    file: "select/select.ts",
    find: "const pick = this.#biased || left === 1 ? i : i + (host.random(left, this) % left);",
    replace: "const pick = i;",
    tests: tests,
  },
  {
    name: "the last case is never picked first",
    file: "select/select.ts",
    find: "(host.random(left, this) % left)",
    replace: "(host.random(left, this) % Math.max(1, left - 1))",
    tests: tests,
  },
  {
    name: "a case is tried twice, and another not at all",
    file: "select/select.ts",
    find: "      order[pick] = order[i] as number;\n",
    replace: "",
    tests,
  },
  {
    name: "the winner is woken before the losers are unlinked",
    file: "kernel/race.ts",
    find: "      this.#unlinkAllBut(winner);\n      tell();",
    replace: "      tell();\n      this.#unlinkAllBut(winner);",
    tests: tests,
  },
  {
    name: "the winner is woken twice",
    file: "kernel/race.ts",
    find: "      tell();\n",
    replace: "      tell();\n      tell();\n",
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
    find: "    const order = spare;\n",
    replace: "    if (this.#fallback !== PENDING) return this.#fallback;\n    const order = spare;\n",
    tests,
  },
  {
    name: "biased is not",
    file: "select/select.ts",
    find: "this.#biased || left === 1 ?",
    replace: "left === 1 ?",
    tests,
  },
  {
    name: "a select within a select shuffles the same order",
    file: "select/select.ts",
    find: "    spare = [];\n",
    replace: "",
    tests,
  },
];
