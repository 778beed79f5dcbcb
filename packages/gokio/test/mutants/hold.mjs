/** Wrong holds: of what cannot stop at once, on the wait that goes on without it. */
const tests = ["kernel/hold.test.ts"];
const file = "kernel/waiter.ts";

export const mutants = [
  {
    name: "a hold is not waited for",
    file,
    find: "    if (this.flags >= HELD) this.flags |= DUE;\n    else if",
    replace: "    if",
    tests,
  },
  {
    name: "the first of several to let go is enough",
    file,
    find: "    this.flags += HELD;\n    return () => {\n      this.flags -= HELD;",
    replace: "    this.flags |= HELD;\n    return () => {\n      this.flags &= ~HELD;",
    tests,
  },
  {
    name: "only the last of several holds counts",
    file,
    find: "    this.flags += HELD;\n    return () => {\n      this.flags -= HELD;",
    replace:
      "    const mine = {};\n    this.latest = mine;\n    this.flags |= HELD;\n    return () => {\n      if (this.latest === mine) this.flags &= ~HELD;",
    tests,
  },
  {
    name: "what is let go is not queued",
    file,
    find: "      this.flags &= ~DUE;\n      this.goOn();",
    replace: "      this.flags &= ~DUE;",
    tests,
  },
  {
    name: "what is let go goes on though it is not settled",
    file,
    find: "      if ((this.flags & DUE) === 0) return;\n",
    replace: "",
    tests,
  },
  {
    name: "what was held and cancelled does not go first",
    file,
    find: "      this.flags &= ~DUE;\n      this.goOn();",
    replace: "      this.flags &= ~DUE;\n      this.scheduler.enqueue(this);",
    tests,
  },
  {
    name: "what was held goes first though it was not cancelled",
    file,
    find: "      this.flags &= ~DUE;\n      this.goOn();",
    replace: "      this.flags &= ~DUE;\n      this.scheduler.enqueueFirst(this);",
    tests,
  },
  {
    name: "nobody sees what a held wait is for",
    file,
    find: "if (this.flags >= HELD) this.flags |= DUE;",
    replace: "if (this.flags >= HELD) {\n      this.flags |= DUE;\n      this.op = undefined;\n    }",
    tests,
  },
  {
    name: "what was let go still seems to wait",
    file,
    find: "      this.op = undefined;\n",
    replace: "",
    tests,
  },
  {
    name: "a generator task that is settled and held can be cancelled",
    file: "kernel/coroutine.ts",
    find: "(this.flags & LINKED) !== 0 &&",
    replace: "this.op !== undefined &&",
    tests,
  },
  {
    name: "a promise that is settled and held can be cancelled",
    file: "kernel/promise-waiter.ts",
    find: "const isSettled = (this.flags & LINKED) === 0;",
    replace: "const isSettled = this.op === undefined;",
    tests,
  },
  {
    name: "a promise that was cancelled is out of sight while it is held",
    file: "kernel/promise-waiter.ts",
    find: "    if (this.flags >= HELD) this.scheduler.root.add(this);\n",
    replace: "",
    tests,
  },
  {
    name: "what holds a branch does not hold who waits for its race",
    file: "kernel/race.ts",
    find: "return this.race.outer.hold();",
    replace: "return super.hold();",
    tests,
  },
  {
    name: "a stream that is being left does not hold who collects it",
    file: "stream/terminal.ts",
    find: "leave(waiter.hold());",
    replace: "leave();",
    tests: ["stream/leaving.test.ts", "stream/leaving.model.test.ts", "stream/closing.test.ts"],
  },
  {
    name: "a stream that is being left does not hold who loops over it",
    file: "stream/loop.ts",
    find: "leave(waiter.hold());",
    replace: "leave();",
    tests: ["stream/leaving.test.ts", "stream/leaving.model.test.ts", "stream/closing.test.ts"],
  },
];
