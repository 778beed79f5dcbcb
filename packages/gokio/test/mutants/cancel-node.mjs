/** Wrong cancel trees. */
const tests = ["cancel/node.test.ts", "cancel/node.model.test.ts"];
const file = "cancel/node.ts";

export const mutants = [
  {
    name: "a cancelled node stays with its parent",
    file: "cancel/node.ts",
    find: "      this.source?.remove(this);\n      this.cancelled(cancellation);",
    replace: "      this.cancelled(cancellation);",
    tests: tests,
  },
  {
    name: "a disposed node stays with its parent",
    file,
    find: "  detach(): void {\n    this.source?.remove(this);",
    replace: "  detach(): void {",
    tests,
  },
  {
    name: "a node is cancelled again",
    file,
    find: "    if (this.cancellation !== undefined) return false;\n",
    replace: "",
    tests,
  },
  {
    name: "nobody below is told",
    file: "cancel/node.ts",
    find: "    tellMembers(this, cancellation);\n",
    replace: "",
    tests,
  },
  {
    name: "a child of a cancelled node is born alive",
    file,
    find: "else this.cancellation = parent.cancellation;",
    replace: "",
    tests,
  },
  {
    name: "depth first",
    file: "kernel/cancel-source.ts",
    find: "  if (list.first === undefined) return;\n",
    replace:
      "  for (let member = list.first; member !== undefined; member = list.first) {\n    removeMember(list, member);\n    member.cancelled(cancellation);\n  }\n  if (list.first === undefined) return;\n",
    tests: tests,
  },
  {
    name: "user code runs before everyone was told",
    file: "kernel/settling.ts",
    find: "  if (!isOpen) runAfterwards();",
    replace: "  runAfterwards();",
    tests: tests,
  },
];
