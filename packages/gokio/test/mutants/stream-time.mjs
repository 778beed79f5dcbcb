/** Wrong ways to wait in a stream. */
const tests = ["stream/time.test.ts"];

export const mutants = [
  {
    name: "throttle counts from when the next is wanted",
    file: "stream/ops/pace.ts",
    find: "      const pause = sleep(this.ms);\n      const signal = out.push(item.value);\n      if (signal !== GO) yield* out.settle(signal);\n      yield* pause;",
    replace:
      "      const signal = out.push(item.value);\n      if (signal !== GO) yield* out.settle(signal);\n      yield* sleep(this.ms);",
    tests,
  },
  { name: "throttle does not wait", file: "stream/ops/pace.ts", find: "yield* pause;", replace: "void pause;", tests },
  {
    name: "delay does not wait",
    file: "stream/ops/pace.ts",
    find: "      yield* sleep(this.ms);\n",
    replace: "",
    tests,
  },
  {
    name: "what is upstream is not closed",
    file: "stream/ops/pace.ts",
    find: "return [this.upstream];",
    replace: "return [];",
    tests,
  },
  {
    name: "debounce is quiet from the first item on",
    file: "stream/ops/quiet.ts",
    find: "      quiet.restart();\n",
    replace: "",
    tests,
  },
  {
    name: "debounce drops what it holds at the end",
    file: "stream/ops/quiet.ts",
    find: "      const signal = out.push(item.value);\n      if (signal !== GO) yield* out.settle(signal);\n      item = later",
    replace:
      "      if (later?.done === true) return;\n      const signal = out.push(item.value);\n      if (signal !== GO) yield* out.settle(signal);\n      item = later",
    tests,
  },
  {
    name: "debounce keeps the first",
    file: "stream/ops/quiet.ts",
    find: "        item = later;\n",
    replace: "",
    tests,
  },
  {
    name: "the patience of a timeout is for all items",
    file: "stream/ops/quiet.ts",
    find: "      patience.restart();\n",
    replace: "",
    tests,
  },
  {
    name: "a timeout ends the stream well",
    file: "stream/ops/quiet.ts",
    find: "if (item === undefined) throw new",
    replace: "if (item === undefined) return void new",
    tests,
  },
  {
    name: "a chunk has a new limit with each item",
    file: "stream/ops/quiet.ts",
    find: "        later = yield* pull;\n        if (later === undefined ||",
    replace: "        later = yield* new PullOr(this.upstream, sleep(this.ms));\n        if (later === undefined ||",
    tests,
  },
  {
    name: "the last chunk is dropped",
    file: "stream/ops/quiet.ts",
    find: "if (later === undefined || later.done === true) break;",
    replace: "if (later?.done === true) return;\n        if (later === undefined) break;",
    tests,
  },
  {
    name: "time runs down though nobody waits",
    file: "stream/ops/pull-or.ts",
    find: "this.deadline = this.#scheduler.host.now() + this.#left;",
    replace: "this.deadline ||= this.#scheduler.host.now() + this.#left;",
    tests,
  },
  {
    name: "time begins anew with each wait",
    file: "stream/ops/pull-or.ts",
    find: "this.#left = Math.max(0, this.deadline - this.#scheduler.host.now());",
    replace: "",
    tests,
  },
  {
    name: "a countdown that is given up stays linked",
    file: "stream/ops/pull-or.ts",
    find: "timersOf(this.#scheduler).remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "an interval begins before it is pulled",
    file: "stream/sources/interval-source.ts",
    find: "  interval(ms, options);\n  return () => new OpSource(new Counted(interval(ms, options)));",
    replace: "  const early = interval(ms, options);\n  return () => new OpSource(new Counted(early));",
    tests,
  },
];
