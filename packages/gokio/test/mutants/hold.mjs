/** Wrong ideas of who holds what. */
const tests = ["sync/hold.test.ts"];

export const mutants = [
  {
    name: "a guard that was moved is still its mover's",
    file: "sync/hold.ts",
    find: "if (now !== undefined) return now;",
    replace: "",
    tests,
  },
  {
    name: "a guard that is a task's value is the task's",
    file: "sync/hold.ts",
    find: "task.finished && mentions(task.slot, thing)",
    replace: "false",
    tests,
  },
  {
    name: "who left from the middle still holds",
    file: "sync/hold.ts",
    find: "if (older !== undefined) older.newer = newer;",
    replace: "",
    tests: ["sync/hold.test.ts", "sync/hold.model.test.ts"],
  },
  {
    name: "the promise of a method is taken for the task's own",
    file: "sync/hold.ts",
    find: "if (isOwned && outermost(owner)",
    replace: "if (outermost(owner)",
    tests,
  },
  {
    name: "what a select has taken is nobody's",
    file: "sync/hold.ts",
    find: "while (whole instanceof Branch) whole = whole.race.outer;",
    replace: "",
    tests,
  },
  {
    name: "a reader in a write goes unnoticed",
    file: "sync/rw-lock-core.ts",
    find: "return this.core.holders === WRITER;",
    replace: "return false;",
    tests,
  },
  {
    name: "foreign code is taken for the generator that waits for it",
    file: "sync/mutex.ts",
    find: "this.#owned && running !== undefined;",
    replace: "this.#owned;",
    tests,
  },
  {
    name: "whoever adds permits does not count",
    file: "sync/semaphore.ts",
    find: "    core.grows = true;\n",
    replace: "",
    tests,
  },
  {
    name: "an open tracker waits for its tasks alone",
    file: "group/counter.ts",
    find: "if (!closed || !this.#byTasks) return undefined;",
    replace: "if (!this.#byTasks) return undefined;",
    tests,
  },
  {
    name: "a task of a JoinSet may wait for all of them",
    file: "group/join-set-core.ts",
    find: "group instanceof Cohort && group.core === this",
    replace: "false",
    tests,
  },
];
