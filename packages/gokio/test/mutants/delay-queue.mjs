/** Wrong delay queues. */
const tests = ["time/delay-queue.test.ts", "time/delay-queue.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled wait stays linked",
    file: "kernel/timed-queue.ts",
    find: "    this.queue.unlink(waiter);",
    replace: "",
    tests,
  },
  {
    name: "those who wait are served last in, first out",
    file: "kernel/timed-queue.ts",
    find: "for (let head = this.waiters.head; head !== undefined; head = this.waiters.head) {\n      const request",
    replace: "for (let head = this.waiters.tail; head !== undefined; head = this.waiters.tail) {\n      const request",
    tests,
  },
  {
    name: "an earlier value is not noticed by those who wait",
    file: "time/delay-queue.ts",
    find: "if (this.#heap.first === key) this.#firstChanged();",
    replace: "",
    tests,
  },
  {
    name: "a removed value is waited for",
    file: "time/delay-queue.ts",
    find: "if (wasFirst) this.#firstChanged();",
    replace: "",
    tests,
  },
  {
    name: "a value leaves twice",
    file: "time/delay-queue.ts",
    find: "first.home = undefined;\n    this.#heap.remove(first);",
    replace: "first.home = undefined;",
    tests,
  },
  {
    name: "equal deadlines leave in any order",
    file: "time/deadline-heap.ts",
    find: "a.deadline < b.deadline || (a.deadline === b.deadline && a.order < b.order)",
    replace: "a.deadline < b.deadline || (a.deadline === b.deadline && a.order > b.order)",
    tests,
  },
  {
    name: "removing from the middle does not mend the heap upwards",
    file: "time/deadline-heap.ts",
    find: "this.#rise(last, place);\n    this.#sink(last, last.place);",
    replace: "this.#sink(last, place);",
    tests: ["time/deadline-heap.test.ts"],
  },
  {
    name: "removing from the middle does not mend the heap downwards",
    file: "time/deadline-heap.ts",
    find: "this.#rise(last, place);\n    this.#sink(last, last.place);",
    replace: "this.#rise(last, place);",
    tests: ["time/deadline-heap.test.ts"],
  },
  {
    name: "a value that has left can be reset",
    file: "time/delay-queue.ts",
    find: "if (key.home !== this) return false;",
    replace: "",
    tests,
  },
  {
    name: "one that comes now takes a value from those who wait",
    file: "kernel/timed-queue.ts",
    find: "if (this.waiters.head !== undefined) return PENDING;",
    replace: "",
    tests,
  },
  {
    name: "clearing keeps the alarm",
    file: "time/delay-queue.ts",
    find: "      DelayKey.take(key);\n    }\n    this.#firstChanged();",
    replace: "      DelayKey.take(key);\n    }",
    tests,
  },
  {
    name: "iteration looks into the value",
    file: "time/delay-queue.ts",
    find: "return { next: () => start(next) };",
    replace: "return { next: () => start(this.#expired).then((value) => ({ done: false, value })) };",
    tests,
  },
];
