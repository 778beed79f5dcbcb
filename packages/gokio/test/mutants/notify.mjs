/** Wrong notifications. */
const tests = ["sync/notify.test.ts", "sync/notify.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled wait stays linked",
    file: "sync/queued.ts",
    find: "this.queue.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "waiters are notified last in, first out",
    file: "sync/notify.ts",
    find: "const waiter = this.#notified.queue.shift();",
    replace:
      "const { waiters } = this.#notified; const waiter = waiters.tail; if (waiter !== undefined) waiters.remove(waiter);",
    tests,
  },
  {
    name: "a notification is handed over and stored, too",
    file: "sync/notify.ts",
    find: "else waiter.wake();",
    replace: "else {\n      this.#notified.permit = true;\n      waiter.wake();\n    }",
    tests,
  },
  {
    name: "the permit is never used up",
    file: "sync/notify.ts",
    find: "this.permit = false;\n    return undefined;",
    replace: "return undefined;",
    tests,
  },
  {
    name: "nothing is stored when nobody waits",
    file: "sync/notify.ts",
    find: "if (waiter === undefined) this.#notified.permit = true;",
    replace: "if (waiter === undefined) return;",
    tests,
  },
  {
    name: "notifyAll leaves a permit",
    file: "sync/notify.ts",
    find: "wakeAll(this.#notified.queue, undefined);",
    replace: "wakeAll(this.#notified.queue, undefined);\n    this.#notified.permit = true;",
    tests,
  },
  {
    name: "notifyAll wakes one",
    file: "kernel/wake-all.ts",
    find: "waiter = list.shift()) waiter.wake(value);",
    replace: "waiter = undefined) waiter.wake(value);",
    tests,
  },
];
