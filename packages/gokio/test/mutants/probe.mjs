/** Wrong probes. */
const tests = ["kernel/probe.test.ts"];
const file = "kernel/probe.ts";

export const mutants = [
  {
    name: "it stays in place when the last listener has gone",
    file,
    find: "      for (const undo of restore) undo();\n",
    replace: "",
    tests,
  },
  {
    name: "it is taken down with the first listener that goes",
    file,
    find: "if (!listeners.delete(listener) || listeners.size > 0) return;",
    replace: "if (!listeners.delete(listener)) return;",
    tests,
  },
  {
    name: "a listener that is disposed twice takes it down",
    file,
    find: "if (!listeners.delete(listener) || listeners.size > 0) return;",
    replace: "listeners.delete(listener);\n      if (restore.length === 0) return;",
    tests,
  },
  {
    name: "it is put up again for each listener",
    file,
    find: "if (listeners.size === 1) instrument();",
    replace: "instrument();",
    tests,
  },
  {
    name: "promises are not looked at",
    file,
    find: "[Coroutine.prototype, PromiseWaiter.prototype] as Coroutine[]",
    replace: "[Coroutine.prototype] as Coroutine[]",
    tests,
  },
  {
    name: "a cancellation is not told",
    file,
    find: '  before(DrivenWaiter.prototype, "leave", (waiter) => each((to) => to.woken?.(waiter, true)));\n',
    replace: "",
    tests,
  },
  {
    name: "a cancellation is told as a wake",
    file,
    find: '"leave", (waiter) => each((to) => to.woken?.(waiter, true))',
    replace: '"leave", (waiter) => each((to) => to.woken?.(waiter, false))',
    tests,
  },
  {
    name: "the method itself is not called",
    file,
    find: "return original.apply(this, args);",
    replace: "return undefined;",
    tests,
  },
  {
    name: "of two that stand before one method, the first stays",
    file,
    find: "  restore.unshift(() => {\n    // Not assigned",
    replace: "  restore.push(() => {\n    // Not assigned",
    tests,
  },
  {
    name: "the way to await is not put back",
    file,
    find: '    Object.defineProperty(prototype, "then", original);\n',
    replace: "",
    tests,
  },
  {
    name: "a scheduler that is busy is roused again",
    file,
    find: "    if (scheduler.isIdle) each(",
    replace: "    each(",
    tests,
  },
];
