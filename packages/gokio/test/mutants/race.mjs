/** Wrong races. */
const tests = ["kernel/race.test.ts"];
const file = "kernel/race.ts";

export const mutants = [
  {
    name: "a link that throws leaves the branches before it linked",
    file: "kernel/race.ts",
    find: "        this.abandon();\n        this.#op.unlinked();",
    replace: "        this.#op.unlinked();",
    tests: tests,
  },
  {
    name: "a link that throws forgets who stood behind the branches before it",
    file,
    find: "        this.#op.unlinked();\n",
    replace: "",
    tests,
  },
  {
    name: "what remains of the losers is not waited for",
    file: "kernel/race.ts",
    find: "if (this.#remains === undefined) this.#tellOuter",
    replace: "if (this.#remains !== null) this.#tellOuter",
    tests: tests,
  },
  {
    name: "the outer waiter can be cancelled while something remains",
    file: "kernel/race.ts",
    find: "        this.outer?.commit();\n        whenAllGone",
    replace: "        whenAllGone",
    tests: tests,
  },
  {
    name: "a commit leaves the losers linked",
    file: "kernel/race.ts",
    find: "      this.#unlinkAllBut(winner);\n      this.outer?.commit();",
    replace: "      this.outer?.commit();",
    tests: tests,
  },
  {
    name: "a commit forgets who stood behind the losers",
    file: "kernel/race.ts",
    find: "      this.outer?.commit();\n      this.#serveAllBut(winner);",
    replace: "      this.outer?.commit();",
    tests: tests,
  },
  {
    name: "a race that was abandoned tells the outcome all the same",
    file,
    find: "    this.outer = undefined;\n",
    replace: "",
    tests,
  },
  {
    name: "what `won` throws is lost",
    file: "kernel/race.ts",
    find: "    else settle(outer, () => this.#op.won(winner.index, value));",
    replace: "    else outer?.wake(value);",
    tests: tests,
  },
];
