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
    file: "kernel/waiter.ts",
    find: "    op.unlink(this);\n    this.slot = undefined;",
    replace: '    if ("gen" in this) op.unlink(this);\n    this.slot = undefined;',
    tests,
  },
  {
    name: "a cancelled generator task stays linked",
    file: "kernel/waiter.ts",
    find: "    op.unlink(this);\n    this.slot = undefined;",
    replace: '    if (!("gen" in this)) op.unlink(this);\n    this.slot = undefined;',
    tests,
  },
  {
    name: "what a select did not take stays linked",
    file: "kernel/race.ts",
    find: "for (const branch of this.#branches) if (branch !== settled) unlink(branch);",
    replace: "void settled;",
    tests,
  },
  {
    name: "a wait that was woken is cancelled all the same",
    file: "kernel/waiter.ts",
    find: "    this.flags &= ~LINKED;\n    this.slot = value;",
    replace: "    this.slot = value;",
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
