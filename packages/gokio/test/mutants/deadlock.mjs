/** Wrong reports of deadlocks. */
const tests = ["kernel/deadlock-report.test.ts"];
const file = "kernel/deadlock.ts";

export const mutants = [
  { name: "daemons are listed", file, find: "if (!task.daemon) lines", replace: "lines", tests },
  { name: "the newest comes first", file, find: "  lines.reverse();\n", replace: "", tests },
  {
    name: "waits outside tasks are forgotten",
    file,
    find: "  for (const wait of waitsIn(scheduler.root)) lines.push(`outside tasks: ${wait}`);\n",
    replace: "",
    tests,
  },
  {
    name: "waits in a block are forgotten",
    file,
    find: 'if ("first" in member) waits.push(...waitsIn(member as MemberList));',
    replace: 'if ("first" in member) continue;',
    tests,
  },
  {
    name: "it is reported while something is to run",
    file,
    find: "  if (!scheduler.isIdle) return undefined;\n",
    replace: "",
    tests,
  },
  {
    name: "it is reported each time",
    file,
    find: "  if (reported.get(scheduler) === list) return undefined;\n",
    replace: "",
    tests,
  },
  {
    name: "it is reported once and never again",
    file,
    find: "if (reported.get(scheduler) === list)",
    replace: "if (reported.has(scheduler))",
    tests,
  },
  {
    name: "a long list is not cut",
    file,
    find: "lines.slice(0, MOST_LINES)",
    replace: "lines.slice(0)",
    tests,
  },
];
