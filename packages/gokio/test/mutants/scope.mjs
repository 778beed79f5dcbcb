/** Wrong scopes. */
const tests = ["group/scope.test.ts", "group/scope.model.test.ts"];

export const mutants = [
  {
    name: "a failing child does not cancel the rest",
    file: "group/scope-region.ts",
    find: "    this.#failures.add(error);\n    this.cancelWith(new Cancellation(error));",
    replace: "    this.#failures.add(error);",
    tests,
  },
  {
    name: "the scope is left while children live",
    file: "group/scope-region.ts",
    find: "return this.isOpen ? undefined : this.#gate;",
    replace: "return undefined;",
    tests,
  },
  {
    name: "only the first failure is told",
    file: "group/scope-region.ts",
    find: "    this.#failures.add(error);\n",
    replace: "    if (this.#failures.size === 0) this.#failures.add(error);\n",
    tests,
  },
  {
    name: "the failure of a body is forgotten beside a child's",
    file: "group/scope-region.ts",
    find: '"error" in body && body.error !== this.cancellation?.error',
    replace: '"error" in body && this.cancellation === undefined',
    tests,
  },
  {
    name: "the region's own cancellation is taken for a failure",
    file: "group/scope-region.ts",
    find: '"error" in body && body.error !== this.cancellation?.error',
    replace: '"error" in body',
    tests,
  },
  {
    name: "children are started after the end",
    file: "group/scope-region.ts",
    find: "if (this.isOpen) throw",
    replace: "if (false) throw",
    tests,
  },
  {
    name: "children are not cancelled with the scope",
    file: "group/scope-region.ts",
    find: "childOptions(this, options), this, group)",
    replace: "childOptions(this, options), undefined, group)",
    tests,
  },
  {
    name: "failures during an abort are lost",
    file: "group/scope-region.ts",
    find: "if (this.#unwinding && this.#failures.size > 0) throw",
    replace: "if (false) throw",
    tests,
  },
  {
    name: "an abort on the way out does not show",
    file: "group/scope-region.ts",
    find: "if (this.#cutShort && ",
    replace: "if (false && ",
    tests,
  },
  {
    name: "the channel is closed before who receives is cancelled",
    file: "group/scope.ts",
    find: "    this.#region.ended(task);\n    if (--this.#live === 0 && !this.#ch.isClosed) this.#ch.close();",
    replace: "    if (--this.#live === 0 && !this.#ch.isClosed) this.#ch.close();\n    this.#region.ended(task);",
    tests,
  },
  {
    name: "the first worker to end closes the channel",
    file: "group/scope.ts",
    find: "if (--this.#live === 0 && !this.#ch.isClosed)",
    replace: "if (!this.#ch.isClosed)",
    tests,
  },
];
