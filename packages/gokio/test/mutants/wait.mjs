/** Wrong waits for foreign work. */
const tests = ["task/wait.test.ts", "task/wait-late.test.ts"];
const file = "task/wait.ts";

export const mutants = [
  {
    name: "the work is not told to stop",
    file: "task/wait.ts",
    find: '    afterStep(() => this.#controller.abort(new CancelledError("the wait ended first")));',
    replace: "",
    tests: tests,
  },
  {
    name: "the work is called when the wait is made",
    file,
    find: "return withOptions(new ForeignCall(work) as",
    replace:
      'work(new AbortController().signal);\n  if (typeof work === "function") return withOptions(new ForeignCall(work) as',
    tests,
  },
  {
    name: "the outcome wakes a wait that has ended",
    file: "task/wait.ts",
    find: "  giveUp(): void {\n    this.#waiter = undefined;",
    replace: "  giveUp(): void {",
    tests: tests,
  },
  {
    name: "a failure of the work is lost",
    file: "task/wait.ts",
    find: "(error) => this.#waiter?.fail(error),",
    replace: "(error) => this.#waiter?.wake(error),",
    tests: tests,
  },
  {
    name: "an abandoned promise keeps its waiter",
    file: "task/foreign.ts",
    find: "this.#waiters.remove(waiter);",
    replace: "",
    tests,
  },
];
