/** Wrong intervals. */
const tests = ["time/interval.test.ts"];

export const mutants = [
  {
    name: "the first tick comes after a period",
    file: "time/interval.ts",
    find: "this.#next = scheduler.host.now() + first;",
    replace: "this.#next = scheduler.host.now() + period;",
    tests,
  },
  {
    name: "a tick that is late moves all the others",
    file: "time/interval.ts",
    find: "return due + period;",
    replace: "return now + period;",
    tests,
  },
  {
    name: "skip rounds down",
    file: "time/interval.ts",
    find: "now + period - ((now - due) % period)",
    replace: "now - ((now - due) % period)",
    tests,
  },
  {
    name: "delay counts from when it was due",
    file: "time/interval.ts",
    find: 'this.#missed === "delay" ? now + period',
    replace: 'this.#missed === "delay" ? due + period',
    tests,
  },
  {
    name: "a millisecond late is missed",
    file: "time/interval.ts",
    find: "now <= due + LATE",
    replace: "now <= due",
    tests,
  },
  {
    name: "a tick gives the time it was taken",
    file: "time/interval.ts",
    find: "return due;",
    replace: "return now;",
    tests,
  },
  {
    name: "a cancelled wait stays linked",
    file: "kernel/timed-queue.ts",
    find: "    this.queue.unlink(waiter);",
    replace: "",
    tests,
  },
  {
    name: "the alarm holds the process for one that has left",
    file: "kernel/timed-queue.ts",
    find: "override unlinked(): void {\n    this.queue.update();\n  }",
    replace: "",
    tests,
  },
  {
    name: "reset does not reach those who wait",
    file: "time/interval.ts",
    find: "this.#next = this.scheduler.host.now() + ms;\n    this.update();",
    replace: "this.#next = this.scheduler.host.now() + ms;",
    tests,
  },
  {
    name: "disposing forgets those who wait",
    file: "time/interval.ts",
    find: 'this.failAll(new ClosedError("interval"));',
    replace: "void 0;",
    tests,
  },
];
