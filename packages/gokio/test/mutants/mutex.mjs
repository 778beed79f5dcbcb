/** Wrong mutexes. */
const tests = ["sync/mutex.test.ts", "sync/mutex.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled wait stays linked",
    file: "sync/queued.ts",
    find: "this.queue.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "waiters are served last in, first out",
    file: "sync/mutex.ts",
    find: "for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {",
    replace:
      "for (let next = this.queue.tail; next !== undefined; next = this.queue.tail) {\n      this.queue.remove(next);",
    tests,
  },
  {
    name: "the lock is free before the next one has it",
    file: "sync/mutex.ts",
    find: "if (keeps) this.take(guard, next);",
    replace: "this.holder = undefined;",
    tests,
  },
  {
    name: "a guard disposed twice releases twice",
    file: "sync/mutex.ts",
    find: "if (core !== undefined && core.holder === this) core.release();",
    replace: "if (core !== undefined) core.release();\n    this.#core = core;",
    tests,
  },
  {
    name: "releasing wakes nobody",
    file: "sync/mutex.ts",
    find: "for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {",
    replace: "for (let next = undefined; next !== undefined; ) {",
    tests,
  },
  {
    name: "a spent guard still leads to the value",
    file: "sync/mutex.ts",
    find: "if (core.holder !== guard)",
    replace: "if (core === undefined)",
    tests: ["sync/mutex.test.ts", "sync/mutex.model.test.ts", "sync/condvar.test.ts"],
  },
  {
    name: "locking twice goes unnoticed",
    file: "sync/mutex.ts",
    find: "if (core.isOwned && waiter === outermost(core.owner)) {",
    replace: "if (waiter === undefined) {",
    tests,
  },
  {
    name: "a lock that was waited for may be locked again",
    file: "sync/mutex.ts",
    find: "    this.isOwned = true;\n",
    replace: "",
    tests: ["sync/hold.test.ts"],
  },
  {
    name: "async code is taken for the task that called it",
    file: "sync/mutex.ts",
    find: "new Lock(this, false);",
    replace: "new Lock(this, true);",
    tests,
  },
  {
    name: "a guard that was moved is held against its mover",
    file: "sync/mutex.ts",
    find: "if (movedTo(core.holder as MutexGuard<T>, waiter.scheduler) === undefined) {",
    replace: "if (true) {",
    tests,
  },
  {
    name: "any guard that was moved excuses",
    file: "sync/hold.ts",
    find: "return index.into.get(thing)?.deref();",
    replace: "return tasksOf(tasks).next().value as TaskRecord | undefined;",
    tests,
  },
];
