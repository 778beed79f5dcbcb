/** Wrong tokens. */
const tests = ["cancel/token.test.ts"];

export const mutants = [
  {
    name: "a timer outlives the cancellation",
    file: "cancel/timed-node.ts",
    find: "  protected override onCancelled(): void {\n    dropAlarm(this);",
    replace: "  protected override onCancelled(): void {",
    tests,
  },
  {
    name: "a timer outlives the disposal",
    file: "cancel/timed-node.ts",
    find: "    super.detach();\n    dropAlarm(this);",
    replace: "    super.detach();",
    tests,
  },
  {
    name: "the last deadline counts",
    file: "cancel/timed-node.ts",
    find: "deadline >= this.until) return;",
    replace: "false) return;",
    tests,
  },
  {
    name: "a dropped alarm that is due rings",
    file: "cancel/timed-node.ts",
    find: "if (this.alarm === alarm) this.cancelWith",
    replace: "this.cancelWith",
    tests,
  },
  {
    name: "deadlines hold the process",
    file: "cancel/timed-node.ts",
    find: "new Alarm(scheduler, deadline, true,",
    replace: "new Alarm(scheduler, deadline, false,",
    tests,
  },
  {
    name: "a cancelled wait for the cancellation stays",
    file: "cancel/cancelled.ts",
    find: "this.#source.remove(waiter.slot as Registration);",
    replace: "",
    tests,
  },
  {
    name: "an operation that is ready wins over a token that was cancelled",
    file: "cancel/until-cancelled.ts",
    find: "return index === 0 ? undefined",
    replace: "return index === 9 ? undefined",
    tests,
  },
  {
    name: "a token made of a cancelled signal is not cancelled",
    file: "cancel/token.ts",
    find: "    else nodeOf(token).cancellation = source.cancellation;\n",
    replace: "",
    tests,
  },
  {
    name: "a disarmed guard cancels",
    file: "cancel/token.ts",
    find: "  disarm(): void {\n    this.#token = undefined;",
    replace: "  disarm(): void {",
    tests,
  },
];
