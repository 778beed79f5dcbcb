/** Wrong combinations of streams. */
const tests = ["stream/stages.model.test.ts", "stream/pulling.test.ts", "stream/leaving.test.ts"];

export const mutants = [
  {
    name: "merge ends with the first that ends",
    file: "stream/ops/combine.ts",
    find: "      if (item.done === true) live = live.filter((each) => each !== index);\n      else {",
    replace: "      if (item.done === true) return;\n      {",
    tests,
  },
  {
    name: "merge favours the first",
    file: "stream/ops/fan.ts",
    find: "const pick = host.random(left) % left;",
    replace: "const pick = left - 1;",
    tests,
  },
  {
    name: "merge never lets others run",
    file: "stream/ops/fan.ts",
    find: "  if (--budget.credit < 0 && budget.isExhausted()) yield* yieldNow();\n",
    replace: "",
    tests: ["stream/pulling.test.ts"],
  },
  {
    name: "zip hands on a row that is not complete",
    file: "stream/ops/combine.ts",
    find: "        if (item.done === true) return;\n        row[index]",
    replace: "        if (item.done === true) break;\n        row[index]",
    tests,
  },
  {
    name: "zip takes two of one",
    file: "stream/ops/combine.ts",
    find: "        missing = missing.filter((each) => each !== index);\n",
    replace: "        missing = missing.slice(1);\n",
    tests,
  },
  {
    name: "combineLatest does not wait for each to have one",
    file: "stream/ops/combine.ts",
    find: "      if (silent.size > 0) continue;\n",
    replace: "",
    tests,
  },
  {
    name: "combineLatest hands on the same row again",
    file: "stream/ops/combine.ts",
    find: "out.push([...latest])",
    replace: "out.push(latest)",
    tests,
  },
  {
    name: "combineLatest goes on without the one that had nothing",
    file: "stream/ops/combine.ts",
    find: "        if (silent.has(index)) return;\n",
    replace: "",
    tests,
  },
  {
    name: "catch starts what the handler gives again and again",
    file: "stream/ops/recover.ts",
    find: "    if (this.#isRecovered) throw error;\n",
    replace: "",
    tests,
  },
  {
    name: "retry never begins to count anew",
    file: "stream/ops/recover.ts",
    find: "    this.#attempt = 1;\n",
    replace: "",
    tests,
  },
  {
    name: "takeUntil hands on what comes after the cancellation",
    file: "stream/ops/take-until.ts",
    find: "while (this.#source.cancellation === undefined) {",
    replace: "for (;;) {",
    tests,
  },
  {
    name: "some are given away although another is refused",
    file: "stream/stream.ts",
    find: "    for (const other of others) checkItems(other);\n",
    replace: "",
    tests,
  },
];
