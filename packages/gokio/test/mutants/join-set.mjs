/** Wrong JoinSets. */
const tests = ["group/join-set.test.ts", "group/join-set.model.test.ts"];
const file = "group/join-set-core.ts";

export const mutants = [
  {
    name: "a cancelled wait stays linked",
    file,
    find: "this.#core.takers.remove(waiter as Waiter);",
    replace: "",
    tests,
  },
  {
    name: "who waits is served last in, first out",
    file,
    find: "const taker = this.takers.shift();",
    replace: "const taker = this.takers.tail; if (taker !== undefined) this.takers.remove(taker);",
    tests,
  },
  {
    name: "an outcome that was handed over is kept, too",
    file,
    find: "else this.outcomes.push(task);",
    replace: "this.outcomes.push(task);",
    tests,
  },
  {
    name: "nobody is told that the set has become empty",
    file,
    find: "hand(taker, undefined);",
    replace: "void taker;",
    tests,
  },
  {
    name: "abortAll reaches tasks that are spawned later",
    file,
    find: "    this.#cohort = new Cohort(this);\n    for (const cohort of cohorts)",
    replace: "    for (const cohort of cohorts)",
    tests,
  },
  {
    name: "what is detached still counts",
    file,
    find: "      cohort.core = undefined;\n",
    replace: "",
    tests,
  },
  {
    name: "failures that nobody took are lost with the set",
    file,
    find: "while (this.outcomes.length !== 0) reportFailure(this.outcomes.shift());",
    replace: "this.outcomes.clear();",
    tests,
  },
  {
    name: "a set at rest stays a member of its region",
    file,
    find: "if (--this.live === 0) core?.dismiss(this);",
    replace: "this.live--;",
    tests,
  },
  {
    name: "joinAll ends with the first task",
    file,
    find: "  /** Takes every outcome. */",
    replace:
      "  override get isOpen(): boolean {\n    return this.#core.outcomes.length > 0 || this.#core.live === 0;\n  }\n",
    tests,
  },
  {
    name: "tryNext looks, and takes nothing",
    file: "group/join-set.ts",
    find: "const result = this[nexting].try();",
    replace: "const result = this.#core.outcomes.length > 0 ? PENDING : this[nexting].try();",
    tests,
  },
  {
    name: "it is another task that is said to have ended",
    file,
    find: "value: { id: task.id, name",
    replace: "value: { id: task.id + 1, name",
    tests,
  },
  {
    name: "a task that cannot be started keeps the cohort a member",
    file,
    find: "    const cohort = this.#cohort;\n",
    replace: "    const cohort = this.#cohort;\n    if (cohort.live === 0) this.#enlist(cohort);\n",
    tests,
  },
];
