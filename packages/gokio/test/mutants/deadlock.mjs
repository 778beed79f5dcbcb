/** Wrong reports of deadlocks. */
const tests = ["kernel/deadlock-report.test.ts"];
const file = "kernel/deadlock.ts";

export const mutants = [
  { name: "daemons are listed", file, find: "parked.filter((one) => !one.daemon)", replace: "parked", tests },
  {
    name: "the newest comes first",
    file,
    find: "[...tasksOf(scheduler.tasks)].reverse()",
    replace: "[...tasksOf(scheduler.tasks)]",
    tests,
  },
  {
    name: "waits outside tasks are forgotten",
    file,
    find: "  for (const waiter of waitersIn(scheduler.root)) parked.push(waiter);\n",
    replace: "",
    tests,
  },
  {
    name: "waits in a block are forgotten",
    file,
    find: 'if ("first" in member) regions.push(member as MemberList);',
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
    find: "all.slice(0, most)",
    replace: "all.slice(0)",
    tests,
  },
  {
    name: "all waits of a task are listed",
    file,
    find: "const MOST_WAITS = 10;",
    replace: "const MOST_WAITS = 1e9;",
    tests,
  },
  {
    name: "nobody is told how many more there are",
    file,
    find: "if (all.length > most) shown",
    replace: "if (all.length < most) shown",
    tests,
  },
];
