/** Wrong task-locals. */
const tests = ["task/task-local.test.ts"];
const file = "task/task-local.ts";

export const mutants = [
  {
    name: "a body that is cancelled with its task is reported, if nobody awaits it",
    file,
    find: "return unobserved(currentRegion(), runWith(this, value, body).then());",
    replace: "return currentRegion() && runWith(this, value, body).then();",
    tests,
  },
  {
    name: "a value leaks into the region around",
    file,
    find: "{ locals: new Map(outer.locals).set(this.#local, this.#value) }",
    replace: "{ locals: ((outer.locals ?? new Map()) as Map<object, unknown>).set(this.#local, this.#value) }",
    tests,
  },
  {
    name: "other values are lost",
    file,
    find: "new Map(outer.locals).set",
    replace: "new Map<object, unknown>().set",
    tests,
  },
  {
    name: "tasks do not inherit",
    file: "task/spawn.ts",
    find: "within.scheduler, checkSpawned(body), within.locals,",
    replace: "within.scheduler, body, undefined,",
    tests,
  },
  {
    name: "tasks inherit what their spawner was spawned with",
    file: "task/task.ts",
    find: "return this.region === undefined ? this.extra?.locals : this.region.locals;",
    replace: "return this.extra?.locals;",
    tests,
  },
  {
    name: "a value that is undefined is none",
    file,
    find: "if (locals?.has(this)) return",
    replace: "if (locals?.get(this)) return",
    tests: ["cancel/context.test.ts"],
  },
  {
    name: "a default of undefined is none",
    file,
    find: '"default" in options',
    replace: "options.default !== undefined",
    tests,
  },
];
