/** Wrong TaskTrackers. */
const tests = ["group/task-tracker.test.ts", "group/counters.model.test.ts"];
const file = "group/task-tracker.ts";
const counter = "group/counter.ts";

export const mutants = [
  {
    name: "an open tracker lets everyone through",
    file: counter,
    find: "return this.closed && this.count === 0;",
    replace: "return this.count === 0;",
    tests,
  },
  {
    name: "a closed tracker does not wait for what is tracked",
    file: counter,
    find: "return this.closed && this.count === 0;",
    replace: "return this.closed;",
    tests,
  },
  {
    name: "closing wakes nobody",
    file,
    find: "    this.#counter.closed = true;\n    this.#counter.gate.open();",
    replace: "    this.#counter.closed = true;",
    tests,
  },
  {
    name: "the last end wakes nobody",
    file: counter,
    find: "    this.count += delta;\n    this.gate.open();",
    replace: "    this.count += delta;",
    tests,
  },
  {
    name: "a token counts each time it is disposed",
    file,
    find: "        counter?.add(-1);\n        counter = undefined;",
    replace: "        counter?.add(-1);",
    tests,
  },
  {
    name: "failures are lost",
    file: counter,
    find: "if ((task.flags & FAILED) !== 0) reportUnjoined(task);",
    replace: "",
    tests,
  },
  {
    name: "a task is forgotten with who tracked it",
    file,
    find: "platform.enter(new FreeRegion(currentScheduler()), () => Promise.resolve(work));",
    replace: "Promise.resolve(work);\n    void platform; void FreeRegion; void currentScheduler;",
    tests,
  },
  {
    name: "what has not been started is tracked",
    file,
    find: "if (Symbol.iterator in work) {",
    replace: "if (false) {",
    tests,
  },
  {
    name: "a cancelled wait stays linked",
    file: "group/gate.ts",
    find: "this.#waiters.remove(waiter);",
    replace: "",
    tests,
  },
];
