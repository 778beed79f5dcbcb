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
    name: "what a loser holds is not the outer waiter",
    file: "kernel/race.ts",
    find: "return this.race.outer.hold();",
    replace: "return super.hold();",
    tests: tests,
  },
  {
    name: "a race lets go at once what its losers hold",
    file: "kernel/race.ts",
    find: "return this.race.outer.hold();",
    replace: "this.race.outer.hold()();\n    return () => {};",
    tests: tests,
  },
  {
    name: "a failure leaves the losers linked",
    file: "kernel/race.ts",
    find: "this.race.settle(this, () => this.race.outer.fail(error));",
    replace: "this.race.outer.fail(error);",
    tests: tests,
  },
  {
    name: "who stood behind the losers is forgotten",
    file: "kernel/race.ts",
    find: "      tell();\n      this.#serveAllBut(winner);",
    replace: "      tell();",
    tests: tests,
  },
  {
    name: "a race that is abandoned stays linked",
    file,
    find: "inStep(() => this.#unlinkAllBut(undefined), this.outer.scheduler);",
    replace: "",
    tests,
  },
  {
    name: "what `won` throws is lost",
    file: "kernel/race.ts",
    find: "settle(this.outer, () => this.#op.won(winner.index, value))",
    replace: "this.outer.wake(value)",
    tests: tests,
  },
  {
    name: "a branch is no daemon",
    file,
    find: "return this.race.outer.daemon;",
    replace: "return false;",
    tests,
  },
  {
    name: "a failure is a value",
    file,
    find: "this.race.outer.fail(error)",
    replace: "this.race.outer.wake(error)",
    tests,
  },
];
