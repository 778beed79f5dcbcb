/** Wrong semaphores. */
const tests = ["sync/semaphore.test.ts", "sync/semaphore.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled request stays linked",
    file: "sync/semaphore.ts",
    find: "this.#core.queue.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "a cancelled request does not re-serve the queue",
    file: "sync/semaphore.ts",
    find: "override unlinked(): void {\n    this.#core.serve();\n  }",
    replace: "override unlinked(): void {}",
    tests,
  },
  {
    name: "requests are served last in, first out",
    file: "sync/semaphore.ts",
    find: "for (let head = queue.head; head !== undefined; head = queue.head) {",
    replace: "for (let head = queue.tail; head !== undefined; head = queue.tail) {",
    tests,
  },
  {
    name: "a small request overtakes a large one",
    file: "sync/semaphore.ts",
    find: "core.queue.head === undefined && this.n <= core.available",
    replace: "this.n <= core.available",
    tests,
  },
  {
    name: "a permit disposed twice is given back twice",
    file: "sync/semaphore.ts",
    find: "const core = this.#core;\n    this.#core = undefined;\n    core?.giveBack",
    replace: "const core = this.#core;\n    core?.giveBack",
    tests,
  },
  {
    name: "a granted request is not taken from the pool",
    file: "sync/semaphore.ts",
    find: "this.available -= n;",
    replace: "",
    tests,
  },
  {
    name: "one request too few is served",
    file: "sync/semaphore.ts",
    find: "head.wake(this.grant(n));",
    replace: "head.wake(this.grant(n));\n      return;",
    tests,
  },
  {
    name: "closing forgets those who wait",
    file: "sync/semaphore.ts",
    find: "waiter.fail(new ClosedError(this.describe()));",
    replace: "",
    tests,
  },
  {
    name: "forgetting gives the permits back",
    file: "sync/semaphore.ts",
    find: "if (core !== undefined) core.total -= this.#count;",
    replace: "core?.giveBack(this.#count);",
    tests,
  },
];
