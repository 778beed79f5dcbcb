/** Wrong read-write locks. */
const tests = ["sync/rw-lock.test.ts", "sync/rw-lock.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled request stays linked",
    file: "sync/queued.ts",
    find: "this.queue.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "a cancelled request does not re-serve the queue",
    file: "sync/rw-lock-core.ts",
    find: "override unlinked(): void {\n    this.core.serve();\n  }",
    replace: "override unlinked(): void {}",
    tests,
  },
  {
    name: "requests are served last in, first out",
    file: "sync/rw-lock-core.ts",
    find: "for (let head = queue.head; head !== undefined; head = queue.head) {",
    replace: "for (let head = queue.tail; head !== undefined; head = queue.tail) {",
    tests,
  },
  {
    name: "readers overtake a waiting writer",
    file: "sync/rw-lock-core.ts",
    find: "    if (this.core.queue.head !== undefined) return PENDING;\n",
    replace: "",
    tests,
  },
  {
    name: "one reader is admitted at a time",
    file: "sync/rw-lock-core.ts",
    find: "head.wake(guard);",
    replace: "head.wake(guard);\n      return;",
    tests,
  },
  {
    name: "a read guard disposed twice leaves twice",
    file: "sync/rw-guard.ts",
    find: "this.#core = undefined;\n    core?.holds.remove(this);\n    core?.leave(core.holders - 1);",
    replace: "core?.leave(core.holders - 1);",
    tests,
  },
  {
    name: "a writer enters beside readers",
    file: "sync/rw-lock-core.ts",
    find: "if (core.holders !== 0) return PENDING;",
    replace: "if (core.holders === WRITER) return PENDING;",
    tests,
  },
  {
    name: "going on as a reader lets no readers in",
    file: "sync/rw-guard.ts",
    find: "core.leave(1);",
    replace: "core.holders = 1;",
    tests,
  },
  {
    name: "going on as a reader keeps the write guard",
    file: "sync/rw-guard.ts",
    find: "const core = this.#held();\n    this.#core = undefined;",
    replace: "const core = this.#held();",
    tests,
  },
];
