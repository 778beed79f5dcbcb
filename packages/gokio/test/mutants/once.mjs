/** Wrong waits for events. */
const tests = ["task/once.test.ts"];
const file = "task/once.ts";

export const mutants = [
  {
    name: "a cancelled wait keeps listening",
    file,
    find: "    this.#channels.ignore(heard, failed);",
    replace: "",
    tests,
  },
  {
    name: "an event leaves the listeners",
    file,
    find: "      channels.ignore(heard, failed);\n      waiter.wake(",
    replace: "      waiter.wake(",
    tests,
  },
  {
    name: "an error leaves the listeners",
    file,
    find: "      channels.ignore(heard, failed);\n      waiter.fail(",
    replace: "      waiter.fail(",
    tests,
  },
  { name: "errors are not heard", file, find: 'if (alsoErrors) emitter.on("error", failed);', replace: "", tests },
  {
    name: "waiting for errors fails with them",
    file,
    find: 'const alsoErrors = event !== "error";',
    replace: "const alsoErrors = true;",
    tests,
  },
  {
    name: "only the first argument comes",
    file,
    find: "result: (args) => args,",
    replace: "result: (args) => args.slice(0, 1),",
    tests,
  },
];
