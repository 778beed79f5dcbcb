/** Wrong barriers. */
const tests = ["sync/barrier.test.ts", "sync/notify.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled wait has arrived for ever",
    file: "sync/queued.ts",
    find: "this.queue.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "one party more than there are is waited for",
    file: "sync/barrier.ts",
    find: "if (this.queue.size + 1 < this.parties)",
    replace: "if (this.queue.size < this.parties)",
    tests,
  },
  {
    name: "one party too few is waited for",
    file: "sync/barrier.ts",
    find: "if (this.queue.size + 1 < this.parties)",
    replace: "if (this.queue.size + 2 < this.parties)",
    tests,
  },
  {
    name: "everybody leads",
    file: "sync/barrier.ts",
    find: "wakeAll(this.queue, FOLLOWER);",
    replace: "wakeAll(this.queue, LEADER);",
    tests,
  },
  {
    name: "nobody leads",
    file: "sync/barrier.ts",
    find: "return LEADER;",
    replace: "return FOLLOWER;",
    tests,
  },
  {
    name: "the last one forgets one of the others",
    file: "kernel/wake-all.ts",
    find: "waiter = list.shift()) waiter.wake(value);",
    replace: "waiter = undefined) waiter.wake(value);",
    tests,
  },
  {
    name: "one party arrives twice",
    file: "sync/barrier.ts",
    find: "if (besides(waiter).includes(this)) {",
    replace: "if (false) {",
    tests,
  },
];
