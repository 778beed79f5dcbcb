/** Wrong waits for foreign work. */
const tests = ["task/wait.test.ts", "task/wait-late.test.ts"];
const file = "task/wait.ts";

export const mutants = [
  {
    name: "the work is not told to stop",
    file,
    find: '(waiter.slot as AbortController).abort(new CancelledError("the wait ended first"));',
    replace: "",
    tests,
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
    file,
    find: "(value) => signal.aborted || waiter.wake(value as Awaited<R>),",
    replace: "(value) => waiter.wake(value as Awaited<R>),",
    tests,
  },
  {
    name: "a failure of the work is lost",
    file,
    find: "(error) => signal.aborted || waiter.fail(error),",
    replace: "(error) => signal.aborted || waiter.wake(error as Awaited<R>),",
    tests,
  },
  {
    name: "an abandoned promise keeps its waiter",
    file: "task/foreign.ts",
    find: "this.#waiters.remove(waiter);",
    replace: "",
    tests,
  },
];
