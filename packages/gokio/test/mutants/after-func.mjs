/** Wrong afterFuncs. */
const tests = ["task/after-func.test.ts"];
const file = "task/after-func.ts";

export const mutants = [
  { name: "stop does not stop", file, find: "    source.remove(registration);\n", replace: "", tests },
  {
    name: "stop says true twice",
    file,
    find: "    const stopped = pending;\n    pending = false;\n",
    replace: "    const stopped = pending;\n",
    tests,
  },
  {
    name: "stop says true after the start",
    file,
    find: "  const begin = (): void => {\n    pending = false;",
    replace: "  const begin = (): void => {",
    tests,
  },
  { name: "a cancellation that came before is missed", file, find: "  else begin();", replace: "", tests },
  {
    name: "the locals of the call are lost",
    file,
    find: "spawnIn({ scheduler, locals }, body",
    replace: "spawnIn({ scheduler, locals: undefined }, body",
    tests,
  },
  {
    name: "the contexts are the canceller's",
    file,
    find: "const enter = contextsFor(options);",
    replace: "const enter = (start: () => unknown) => contextsFor(options)(start);",
    tests,
  },
];
