/** Wrong rate limiters. */
const tests = ["sync/rate-limiter.test.ts"];

export const mutants = [
  {
    name: "a cancelled request stays linked",
    file: "kernel/timed-queue.ts",
    find: "if (waiter.list === (this.waiters as WaitList<unknown>)) this.#remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "a cancelled request does not re-serve the queue",
    file: "kernel/timed-queue.ts",
    find: "override unlinked(): void {\n    this.queue.update();\n  }",
    replace: "",
    tests,
  },
  {
    name: "requests are served last in, first out",
    file: "kernel/timed-queue.ts",
    find: "for (let head = this.waiters.head; head !== undefined; head = this.waiters.head) {\n      const request",
    replace: "for (let head = this.waiters.tail; head !== undefined; head = this.waiters.tail) {\n      const request",
    tests,
  },
  {
    name: "a small request overtakes a large one",
    file: "kernel/timed-queue.ts",
    find: "if (this.waiters.head !== undefined) return PENDING;",
    replace: "",
    tests,
  },
  {
    name: "a bucket overflows its burst",
    file: "sync/rate-limiter.ts",
    find: "return Math.min(this.burst * this.#per, this.#level + (now - this.#at) * this.#limit);",
    replace: "return this.#level + (now - this.#at) * this.#limit;",
    tests,
  },
  {
    name: "what waited is served as of now, and the rate falls behind",
    file: "sync/rate-limiter.ts",
    find: "Math.max(due, now - LATE)",
    replace: "now",
    tests,
  },
  {
    name: "what waited is served as of its due time, however late",
    file: "sync/rate-limiter.ts",
    find: "Math.max(due, now - LATE)",
    replace: "due",
    tests,
  },
  {
    name: "a bucket starts empty",
    file: "sync/rate-limiter.ts",
    find: "this.#level = burst * per;",
    replace: "this.#level = 0;",
    tests,
  },
  {
    name: "a daemon's wait holds the process",
    file: "kernel/timed-queue.ts",
    find: "if (!waiter.daemon) this.#holding++;",
    replace: "this.#holding++;",
    tests,
  },
  {
    name: "a new rate does not reach those who wait",
    file: "sync/rate-limiter.ts",
    find: "    this.#per = per;\n    this.update(now);",
    replace: "    this.#per = per;",
    tests,
  },
  {
    name: "a new rate counts from the last look",
    file: "sync/rate-limiter.ts",
    find: "(this.#levelAt(now) / this.#per) * per",
    replace: "(this.#level / this.#per) * per",
    tests,
  },
];
