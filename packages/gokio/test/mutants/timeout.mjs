/** Wrong timeouts. */
const tests = ["time/timeout.test.ts"];

export const mutants = [
  {
    name: "the time is over before the operation is tried",
    file: "time/timeout.ts",
    find: "    if (index === 0) return value as T;",
    replace: "    if (index === 0 && value !== 1) return value as T;",
    tests,
  },
  { name: "a block's timer is left", file: "task/region.ts", find: "    this.alarm?.cancel();\n", replace: "", tests },
  {
    name: "a block has no limit",
    file: "time/timeout.ts",
    find: "    limitRegion(region, this.#ms, this.#deadline);\n",
    replace: "",
    tests,
  },
  {
    name: "the deadline is twice as late",
    file: "time/timeout.ts",
    find: "scheduler.host.now() + ms)];",
    replace: "scheduler.host.now() + 2 * ms)];",
    tests,
  },
  {
    name: "the error is not named for the deadline",
    file: "time/timeout.ts",
    find: "throw new CancelledError(new TimeoutError(`it took longer than ${this.#ms} ms`));",
    replace: "throw new CancelledError(`it took longer than ${this.#ms} ms`);",
    tests,
  },
  {
    name: "a promise is taken",
    file: "time/timeout.ts",
    find: 'if (typeof work === "function") return',
    replace: "if (work) return",
    tests,
  },
  {
    name: "the time of a body counts from its start",
    file: "time/timeout.ts",
    find: "limitRegion(region, this.#ms, this.#deadline);",
    replace: "limitRegion(region, this.#ms);",
    tests,
  },
  {
    name: "a body that is too late is run",
    file: "task/limit.ts",
    find: "deadline !== undefined && deadline <= now",
    replace: "deadline !== undefined && deadline < 0",
    tests,
  },
];
