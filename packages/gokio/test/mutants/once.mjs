/** Wrong waits for events. */
const tests = ["task/once.test.ts"];
const file = "task/once.ts";

export const mutants = [
  {
    name: "a cancelled wait keeps listening",
    file: "task/once.ts",
    find: "    this.#waiter = undefined;\n    this.#ignore();",
    replace: "    this.#waiter = undefined;",
    tests: tests,
  },
  {
    name: "what was heard leaves the listeners",
    file: "task/once.ts",
    find: "    this.#ignore();\n    if (this.#isLinked)",
    replace: "    if (this.#isLinked)",
    tests: tests,
  },
  {
    name: "who calls back at once wakes a wait that is not linked",
    file: "task/once.ts",
    find: "if (this.#isLinked) this.#settle(settle);",
    replace: "if (this.#isLinked || true) this.#settle(settle);",
    tests: tests,
  },
  {
    name: "who calls back at once leaves the listeners",
    file: "task/once.ts",
    find: "    this.#ignore();\n    scheduler.enqueue(this);",
    replace: "    scheduler.enqueue(this);",
    tests: tests,
  },
  {
    name: "of two early calls the last counts",
    file: "task/once.ts",
    find: "this.#early ??= settle;",
    replace: "this.#early = settle;",
    tests: tests,
  },
  { name: "errors are not heard", file, find: 'emitter.on("error", failed);', replace: "", tests },
  {
    name: "waiting for errors fails with them",
    file,
    find: '      emitter.on(event, heard);\n      emitter.on("error", failed);',
    replace: '      emitter.on("error", failed);\n      emitter.on(event, heard);',
    tests,
  },
  {
    name: "only the first argument comes",
    file,
    find: "result: (args) => args,",
    replace: "result: (args) => args.slice(0, 1),",
    tests,
  },
];
