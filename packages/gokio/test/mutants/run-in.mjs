/** Wrong regions of a signal. */
const tests = ["task/run-in.test.ts"];

export const mutants = [
  {
    name: "the signal keeps the region",
    file: "task/signal-region.ts",
    find: "if (this.#registration !== undefined) this.#signal.remove(this.#registration);",
    replace: "",
    tests,
  },
  {
    name: "the signal does not cancel",
    file: "task/signal-region.ts",
    find: "void this.cancelWith(cancellation));",
    replace: "void cancellation);",
    tests,
  },
  {
    name: "a context that was cancelled before runs the body",
    file: "task/block.ts",
    find: "    if (region.cancellation !== undefined) throw region.cancellation.error;\n",
    replace: "",
    tests,
  },
  {
    name: "the locals around show",
    file: "task/run-in.ts",
    find: "Context.localsOf(context), Context.untilOf",
    replace: "outer.locals, Context.untilOf",
    tests,
  },
  {
    name: "a cancelled body's own error is swallowed",
    file: "task/run-until-cancelled.ts",
    find: "cancelled && body.error === region.cancellation?.error ? undefined",
    replace: "cancelled ? undefined",
    tests,
  },
  {
    name: "the cancellation is thrown",
    file: "task/run-until-cancelled.ts",
    find: "cancelled && body.error === region.cancellation?.error ? undefined : super",
    replace: "super",
    tests,
  },
];
