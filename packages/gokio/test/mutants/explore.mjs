/** Wrong explorations: schedules left out, counted twice, or told wrongly. */
const counts = ["testing/explore-counts.test.ts"];
const explore = ["testing/explore.test.ts"];

export const mutants = [
  {
    name: "nobody is ever preempted",
    file: "testing/explore/run.ts",
    find: "    if (decision.choice > 0) return this.#preempt(",
    replace: "    if (decision.choice > 9) return this.#preempt(",
    tests: counts,
  },
  {
    name: "the bound counts one preemption too many",
    file: "testing/explore/exhaustive.ts",
    find: "spent + costOf(last, choice) > this.#bound",
    replace: "spent + costOf(last, choice) > this.#bound + 1",
    tests: counts,
  },
  {
    name: "to pause before what is not ready counts as a schedule of its own",
    file: "testing/explore/exhaustive.ts",
    find: "if (isMoot || won === NONE_READY) return undefined;",
    replace: "if (won === NONE_READY) return undefined;",
    tests: counts,
  },
  {
    name: "a select begins with each case, ready or not",
    file: "testing/explore/exhaustive.ts",
    find: "const next = (won ?? choice) + 1;",
    replace: "const next = choice + 1;",
    tests: counts,
  },
  {
    name: "a case that throws is taken for one that is not ready",
    file: "testing/explore/select-order.ts",
    find: "let value: unknown;",
    replace: "let value: unknown = PENDING;",
    tests: counts,
  },
  {
    name: "a repeat counts",
    file: "testing/explore/exhaustive.ts",
    find: "    return !isRepeat;",
    replace: "    return true;",
    tests: counts,
  },
  {
    name: "who polls is never passed over",
    file: "testing/explore/ready-queue.ts",
    find: "oldest.since < (times[0] as number) - 1",
    replace: "oldest.since < (times[0] as number) - 1000",
    tests: explore,
  },
  {
    name: "time moves before async code has settled",
    file: "testing/explore/run.ts",
    find: 'if (!this.#isSettled) return "settle";',
    replace: "",
    tests: explore,
  },
  {
    name: "a foreign wait passes for a deadlock",
    file: "testing/explore/run.ts",
    find: "    this.#checkForeign();\n",
    replace: "",
    tests: explore,
  },
  {
    name: "a replay takes what it can get",
    file: "testing/explore/replay.ts",
    find: "if (this.#isExact && was.count !== point.count)",
    replace: "if (was.count < 0)",
    tests: explore,
  },
  {
    name: "any failure will do for a shorter schedule",
    file: "testing/explore/shrink.ts",
    find: "!isAlike(this.failure, run.failure) || ",
    replace: "run.failure === undefined || ",
    tests: explore,
  },
  {
    name: "schedules are not shortened by leaving out",
    file: "testing/explore/shrink.ts",
    find: "return [preemptionsIn(decisions), chosen, last, decisions.length];",
    replace: "return [decisions.length, chosen, last];",
    tests: explore,
  },
  {
    name: "all seeds lead to the same schedules",
    file: "testing/explore/random.ts",
    find: "stream(this.#seed, this.#tried)",
    replace: "stream(1, this.#tried)",
    tests: explore,
  },
  {
    name: "the version of a schedule is not looked at",
    file: "testing/explore/schedule.ts",
    find: "if (Number(version) !== SCHEDULE_VERSION) {",
    replace: "if (Number(version) < 0) {",
    tests: ["testing/explore-schedule.test.ts"],
  },
];
