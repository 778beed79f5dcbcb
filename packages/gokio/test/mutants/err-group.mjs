/** Wrong ErrGroups. */
const tests = ["group/err-group.test.ts", "group/err-group.model.test.ts"];
const file = "group/err-group-core.ts";

export const mutants = [
  {
    name: "one more than the limit",
    file,
    find: "this.size < this.limit;",
    replace: "this.size <= this.limit;",
    tests,
  },
  {
    name: "spawns are served last in, first out",
    file,
    find: "for (let head = this.queue.head; head !== undefined; head = this.queue.head) {",
    replace: "for (let head = this.queue.tail; head !== undefined; head = this.queue.tail) {",
    tests,
  },
  {
    name: "a cancelled spawn stays in the queue",
    file,
    find: "this.#core.queue.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "the end of a task lets nobody in",
    file,
    find: "    this.serve();\n    if (this.size === 0 && !this.#signalled)",
    replace: "    if (this.size === 0 && !this.#signalled)",
    tests,
  },
  {
    name: "an error does not cancel the rest",
    file,
    find: "      this.failures.add(task.slot);\n      this.cancelWith(new Cancellation(task.slot));",
    replace: "      this.failures.add(task.slot);",
    tests,
  },
  {
    name: "the last error is what wait throws",
    file,
    find: "for (const error of core.failures) throw error;",
    replace: "for (const error of [...core.failures].reverse()) throw error;",
    tests,
  },
  {
    name: "what was not started is not missed",
    file,
    find: "else this.#core.cutShort = true;",
    replace: "",
    tests,
  },
  {
    name: "after a cancellation, the queue waits for room",
    file,
    find: "    if (head !== undefined) unlinked(head.op as Operation<unknown>);",
    replace: "    void head; void unlinked;",
    tests,
  },
  {
    name: "a group at rest goes on listening",
    file,
    find: "if (this.size === 0 && !this.#signalled) this.leave();",
    replace: "",
    tests,
  },
];
