/** Wrong turns. */
const tests = ["task/yield-now.test.ts"];
const file = "task/yield-now.ts";

export const mutants = [
  {
    name: "it is always ready",
    file,
    find: "    return PENDING;",
    replace: "    return undefined as never;",
    tests,
  },
  {
    name: "a turn that was given up still comes",
    file,
    find: "(waiter.slot as Turn).waiter = undefined;",
    replace: "",
    tests,
  },
  { name: "it wakes twice", file, find: "parked?.wake();", replace: "parked?.wake();\n        parked?.wake();", tests },
  { name: "it never wakes", file, find: "parked?.wake();", replace: "", tests },
  {
    name: "it wakes with what is none of the waiter's",
    file,
    find: "parked?.wake();",
    replace: "parked?.wake(turn as never);",
    tests,
  },
];
