/** Wrong roots of programs. */
const tests = ["group/main.test.ts"];
const file = "group/main.ts";

export const mutants = [
  {
    name: "children are waited for, not aborted",
    file,
    find: '(region as ScopeRegion).cancelItself("main has ended");',
    replace: "void (region as ScopeRegion);",
    tests,
  },
  { name: "detached tasks live on", file, find: "    await endLeftovers(scheduler);\n", replace: "", tests },
  {
    name: "what leftovers start lives on",
    file,
    find: "while (scheduler.tasks.size > 0) {",
    replace: "if (scheduler.tasks.size > 0) {",
    tests,
  },
  { name: "a signal does nothing", file, find: "this.#region?.cancelWith(this.#signal);", replace: "", tests },
  {
    name: "a second signal is patient, too",
    file,
    find: ".exit(exitCode, true);",
    replace: ";",
    tests,
  },
  {
    name: "a program that was cut short has exit code 0",
    file,
    find: ".exit(program.exitCode as number, false);",
    replace: ";",
    tests,
  },
  { name: "signals stay caught afterwards", file, find: "    ignoreSignals();\n", replace: "", tests },
  {
    name: "the failure of cleanup passes for an interruption",
    file,
    find: "this.#signal !== undefined && error === this.#signal.error",
    replace: "this.#signal !== undefined && error !== undefined",
    tests,
  },
];
