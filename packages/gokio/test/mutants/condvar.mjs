/** Wrong condition variables. */
const tests = ["sync/condvar.test.ts", "sync/mutex.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled wait stays linked",
    file: "sync/condvar.ts",
    find: "this.#waiters.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "a wait does not release the lock",
    file: "sync/condvar.ts",
    find: "this.#waiters.push(waiter);\n    this.#core.release();",
    replace: "this.#waiters.push(waiter);",
    tests,
  },
  {
    name: "waiters are notified last in, first out",
    file: "sync/condvar.ts",
    find: "const waiter = this.#waiters.shift();",
    replace: "const waiter = this.#waiters.tail; if (waiter !== undefined) this.#waiters.remove(waiter);",
    tests,
  },
  {
    name: "a notified wait ends without the lock",
    file: "sync/condvar.ts",
    find: "new Relocking(this.#core, this.#guard, waiter).whenGone(() => waiter.wake());",
    replace: "waiter.wake();",
    tests,
  },
  {
    name: "a notified wait can still be cancelled",
    file: "sync/condvar.ts",
    find: "waiter.commit();",
    replace: "",
    tests,
  },
  {
    name: "a cancelled wait ends without the lock",
    file: "sync/condvar.ts",
    find: "return new Relocking(this.#core, this.#guard, waiter);",
    replace: "return { whenGone: (then) => then() };",
    tests,
  },
  {
    name: "a guard disposed while it waited keeps the lock",
    file: "sync/condvar.ts",
    find: "if (MutexGuard.isDisposed(this.#guard)) this.#core.release();",
    replace: "",
    tests,
  },
  {
    name: "a free lock is not taken",
    file: "sync/condvar.ts",
    find: "core.holder = guard;\n",
    replace: "",
    tests,
  },
];
