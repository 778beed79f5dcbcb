/** Wrong barriers. */
const tests = ["sync/barrier.test.ts", "sync/notify.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled wait has arrived for ever",
    file: "sync/barrier.ts",
    find: "this.waiters.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "one party more than there are is waited for",
    file: "sync/barrier.ts",
    find: "if (waiters.size + 1 < this.parties)",
    replace: "if (waiters.size < this.parties)",
    tests,
  },
  {
    name: "one party too few is waited for",
    file: "sync/barrier.ts",
    find: "if (waiters.size + 1 < this.parties)",
    replace: "if (waiters.size + 2 < this.parties)",
    tests,
  },
  {
    name: "everybody leads",
    file: "sync/barrier.ts",
    find: "waiter.wake(FOLLOWER);",
    replace: "waiter.wake(LEADER);",
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
    file: "sync/barrier.ts",
    find: "waiter = waiters.shift()) waiter.wake",
    replace: "waiter = undefined) waiter.wake",
    tests,
  },
];
