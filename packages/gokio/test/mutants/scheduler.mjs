/** Wrong schedulers, and wrong budgets. */
const host = ["kernel/scheduler.host.test.ts"];
const budget = ["kernel/budget.test.ts"];
const file = "kernel/scheduler.ts";
const budgetFile = "kernel/budget.ts";

export const mutants = [
  {
    name: "two drains are under way",
    file,
    find: "    this.#scheduled = true;\n    this.host.microtask",
    replace: "    this.host.microtask",
    tests: host,
  },
  {
    name: "a job that throws stops everybody",
    file,
    find: "      this.#scheduled = false;\n      this.wantDrain();\n      throw error;",
    replace: "      throw error;",
    tests: host,
  },
  {
    name: "out of budget, it goes on in a microtask",
    file,
    find: "this.host.macrotask(this.#nextTurn);",
    replace: "this.host.microtask(this.#nextTurn);",
    tests: host,
  },
  {
    name: "a new turn has no budget",
    file,
    find: "    this.budget.refill();\n",
    replace: "",
    tests: host,
  },
  {
    name: "tasks run in the context of who woke the first",
    file,
    find: "platform.isolated(this.#runAll);",
    replace: "this.#runAll();",
    tests: ["kernel/ambience.test.ts"],
  },
  {
    name: "a count alone does not end a turn",
    file: budgetFile,
    find: "--this.#strides <= 0 || ",
    replace: "",
    tests: budget,
  },
  {
    name: "the clock does not end a turn",
    file: budgetFile,
    find: " || this.#host.now() >= this.#turnEnds",
    replace: "",
    tests: budget,
  },
  {
    name: "the clock is read for each credit",
    file: budgetFile,
    find: "this.credit = STRIDE - 1;",
    replace: "this.credit = 0;",
    tests: budget,
  },
  {
    name: "a budget that is spent is granted again",
    file: budgetFile,
    find: "      this.#strides = 0;\n      this.credit = 0;",
    replace: "      this.refill();",
    tests: budget,
  },
  {
    name: "a task out of budget tries first",
    file: "kernel/coroutine.ts",
    find: "if (this.scheduler.budget.credit < 0 && this.scheduler.budget.isExhausted()) {",
    replace: "if (this.scheduler.budget.credit === Number.NaN) {",
    tests: budget,
  },
  {
    name: "the cleanup of async code comes after other tasks",
    file: "kernel/scheduler.ts",
    find: "this.#lull = LULL;",
    replace: "this.#lull = 0;",
    tests: ["task/abort.test.ts"],
  },
  {
    name: "the cleanup of who awaits an operation does",
    file: "kernel/scheduler.ts",
    find: "const LULL = 2;",
    replace: "const LULL = 1;",
    tests: ["task/abort.test.ts"],
  },
  {
    name: "what a deadline cancels is told in a stranger's context",
    file: "kernel/alarm.ts",
    find: "    return true;",
    replace: "    return false;",
    tests: ["kernel/ambience.test.ts"],
  },
];
