/** Wrong sleeps. */
const tests = ["time/sleep.test.ts"];

export const mutants = [
  {
    name: "too early",
    file: "time/sleep.ts",
    find: 'export function sleep(ms: number, options?: WaitOptions): Operation<void> {\n  checkDuration("ms", ms);',
    replace:
      'export function sleep(ms: number, options?: WaitOptions): Operation<void> {\n  checkDuration("ms", ms);\n  ms -= 1;',
    tests,
  },
  {
    name: "a date that is past is waited for",
    file: "time/sleep.ts",
    find: "Math.max(0, at - currentScheduler().host.wallClock())",
    replace: "Math.abs(at - currentScheduler().host.wallClock())",
    tests,
  },
  {
    name: "a cancelled sleep leaves its timer",
    file: "kernel/alarm.ts",
    find: "    timersOf(this.scheduler).remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "the signal is not heard",
    file: "time/sleep.ts",
    find: "return sleep(msUntil(when), options);",
    replace: "return sleep(msUntil(when));",
    tests,
  },
  {
    name: "nothing is waited for",
    file: "kernel/alarm.ts",
    find: "timersOf(this.scheduler).clock >= this.deadline ? undefined : PENDING",
    replace: "undefined",
    tests,
  },
];
