/** Wrong blocks. */
const tests = ["task/block.test.ts", "task/shield.test.ts", "task/current.test.ts"];

export const mutants = [
  {
    name: "a block that is unwound is not drained",
    file: "task/block.ts",
    find: "() => wayOut.drain?.());",
    replace: "() => undefined);",
    tests,
  },
  {
    name: "the region of a block is not left",
    file: "task/block.ts",
    find: "      task.region = outer;\n      this.close(region);",
    replace: "      this.close(region);",
    tests,
  },
  {
    name: "what is around a block goes on after an abort",
    file: "kernel/frame.ts",
    find: "    frame.onward = this;\n",
    replace: "",
    tests,
  },
  {
    name: "a shield lets abort in",
    file: "task/region.ts",
    find: "return TaskRegion.inside(region, { shielded: true });",
    replace: "return TaskRegion.inside(region);",
    tests: tests,
  },
  {
    name: "a shield has no limit",
    file: "task/shield.ts",
    find: "if (this.#ms !== undefined) limitRegion(region, this.#ms);",
    replace: "",
    tests,
  },
  {
    name: "a context knows no deadline beyond its own region",
    file: "task/current.ts",
    find: "    source = (source as Partial<Member>).source\n",
    replace: "    source = undefined\n",
    tests,
  },
];
