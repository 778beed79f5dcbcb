/** Wrong timing wheels. */
const tests = ["kernel/timers.model.test.ts", "kernel/timers.test.ts"];
const file = "kernel/timers.ts";

export const mutants = [
  {
    name: "a cancelled sleep stays linked",
    file,
    find: "    this.#forget(waiter);\n    if (this.#held === 0",
    replace: "    if (this.#held === 0",
    tests,
  },
  {
    name: "a timer is woken a tick early",
    file,
    find: "Math.ceil(deadlineOf(waiter) - this.#origin)",
    replace: "Math.floor(deadlineOf(waiter) - this.#origin)",
    tests,
  },
  {
    name: "a slot is woken in the order set",
    file,
    find: "    inOrder(due);\n",
    replace: "",
    tests,
  },
  {
    name: "an earlier timer does not bring the host timer forward",
    file,
    find: "if (tick < this.#armedFor || this.#isHeld",
    replace: "if (this.#hostTimer === undefined || this.#isHeld",
    tests,
  },
  {
    name: "a slot above the lowest is woken instead of placed again",
    file,
    find: "if (next < SLOTS) this.#wakeAll(slot);",
    replace: "if (next >= 0) this.#wakeAll(slot);",
    tests,
  },
  {
    name: "the far list is forgotten when the origin moves",
    file,
    find: "[this.#far, ...this.#slots]",
    replace: "this.#slots",
    tests,
  },
  {
    name: "the far list comes last when the origin moves",
    file,
    find: "[this.#far, ...this.#slots]",
    replace: "[...this.#slots, this.#far]",
    tests,
  },
  {
    name: "a daemon's timer holds the process",
    file,
    find: "    this.#size--;\n    if (!waiter.daemon) this.#held--;",
    replace: "    this.#size--;",
    tests,
  },
  {
    name: "the last wait's end does not let the process go",
    file,
    find: "if (this.#held === 0 && this.#isHeld) this.#wantArming();",
    replace: "",
    tests,
  },
  {
    name: "a far timer waits for the wheel to be empty",
    file,
    find: "Math.min(next < 0 ? NEVER : this.#startOf(next), this.#far.size > 0 ? REBASE : NEVER)",
    replace: "next < 0 ? (this.#far.size > 0 ? REBASE : NEVER) : this.#startOf(next)",
    tests,
  },
  {
    name: "the clock stands still outside of drains",
    file,
    find: "    if (this.#drains.isIdle) return this.#host.now();\n",
    replace: "",
    tests,
  },
  {
    name: "an operation that hands on to a timer has no deadline",
    file: "kernel/timers.ts",
    find: "(waiter.slot as TimedOperation).deadline",
    replace: "(waiter.op as TimedOperation).deadline",
    tests: ["kernel/timers.test.ts"],
  },
];
