/** Wrong cancel trees. */
const tests = ["cancel/node.test.ts", "cancel/node.model.test.ts"];
const file = "cancel/node.ts";

export const mutants = [
  {
    name: "a cancelled node stays with its parent",
    file,
    find: "    this.source?.remove(this);\n    cancelAll(this, cancellation);",
    replace: "    cancelAll(this, cancellation);",
    tests,
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
    name: "a child is told again though it was cancelled, and grandchildren are forgotten",
    file,
    find: "if (member.first !== undefined) nodes.push(member);",
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
    file,
    find: "if (member.first !== undefined) nodes.push(member);",
    replace: "if (member.first !== undefined) nodes.splice(i + 1, 0, member);",
    tests,
  },
  {
    name: "user code runs before everyone was told",
    file,
    find: "  if (!cancelling) runAfterwards();",
    replace: "  runAfterwards();",
    tests,
  },
];
