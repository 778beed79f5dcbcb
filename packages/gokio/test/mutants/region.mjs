/** Wrong regions. */
const tests = ["task/region.test.ts"];
const file = "task/region.ts";

export const mutants = [
  {
    name: "what a block leaves behind is let go",
    file,
    find: "    this.#isClosed = true;\n    if (this.first === undefined) this.#leave();",
    replace: "    this.#isClosed = true;\n    this.detach();",
    tests,
  },
  {
    name: "a closed region with members is not found from outside",
    file,
    find: "      this.#parent.add(this);\n",
    replace: "",
    tests,
  },
  {
    name: "closed regions pile up",
    file,
    find: "    else if (this.#isClosed) this.detach();",
    replace: "",
    tests,
  },
  {
    name: "a closed region stays when it is empty",
    file,
    find: "    if (this.first === undefined) this.#leave();\n  }\n\n  /** Makes sure",
    replace: "  }\n\n  /** Makes sure",
    tests,
  },
  {
    name: "a deadline outlives its block",
    file,
    find: "    this.alarm?.cancel();\n",
    replace: "",
    tests,
  },
  {
    name: "what is shielded is not seen",
    file,
    find: "      (cancellation === undefined ? this.#parent : this.scheduler.root).add(this.#anchor);",
    replace: "      void cancellation;",
    tests,
  },
  {
    name: "what is shielded is not seen once what is around it is cancelled",
    file,
    find: "    this.scheduler.root.add(this);",
    replace: "",
    tests,
  },
  {
    name: "a shield stays in the list when it is empty",
    file,
    find: "    if (this.shielded) this.#anchor?.source?.remove(this.#anchor);\n    else if",
    replace: "    if",
    tests,
  },
  {
    name: "a body runs in a region that is born cancelled",
    file: "task/block.ts",
    find: "    if (region.cancellation !== undefined) throw region.cancellation.error;\n",
    replace: "",
    tests,
  },
  {
    name: "a decided wait goes out of sight when its task is aborted",
    file: "kernel/promise-waiter.ts",
    find: "if (this.flags >= HELD) this.scheduler.root.add(this);",
    replace: "if (!isSettled && this.flags >= HELD) this.scheduler.root.add(this);",
    tests,
  },
  {
    name: "a cancelled wait is out of sight while it cleans up",
    file: "kernel/promise-waiter.ts",
    find: "if (this.flags >= HELD) this.scheduler.root.add(this);",
    replace: "if (isSettled && this.flags >= HELD) this.scheduler.root.add(this);",
    tests,
  },
  {
    name: "a wait that is over stays in the list",
    file: "kernel/promise-waiter.ts",
    find: "    this.source?.remove(this);\n",
    replace: "",
    tests,
  },
];
