/** Wrong drivers and operations, as the conformance suite sees them. */
const tests = ["conformance.test.ts"];

export const mutants = [
  {
    name: "a cancelled receive stays linked",
    file: "chan/ends.ts",
    find: "this.inlet.receivers.remove(waiter as Waiter);",
    replace: "",
    tests,
  },
  {
    name: "a signal that has aborted before is not looked at",
    file: "kernel/abortable.ts",
    find: "if (this.#source.cancellation !== undefined) throw this.#source.cancellation.error;",
    replace: "",
    tests,
  },
  {
    name: "a cancelled promise stays linked",
    file: "kernel/promise-waiter.ts",
    find: "const remains = op.unlink(this);",
    replace: "const remains = undefined;",
    tests,
  },
  {
    name: "a cancelled generator task stays linked",
    file: "kernel/coroutine.ts",
    find: "const remains = op.unlink(this);",
    replace: "const remains = undefined;",
    tests,
  },
  {
    name: "what a select did not take stays linked",
    file: "kernel/race.ts",
    find: "branch === settled ? undefined : unlink(branch);",
    replace: "undefined as Remains | undefined;",
    tests,
  },
  {
    name: "a wait that was woken is cancelled all the same",
    file: "kernel/coroutine.ts",
    find: "    this.op = undefined;\n    this.flags &= ~(LINKED | COMMITTED);",
    replace: "    this.flags &= ~COMMITTED;",
    tests,
  },
  {
    name: "a cancelled spawn is started all the same",
    file: "group/err-group-core.ts",
    find: "    this.#core.queue.remove(waiter);\n",
    replace: "",
    tests,
  },
];
