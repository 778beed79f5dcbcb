/** Wrong contexts. */
const tests = ["cancel/context.test.ts"];
const file = "cancel/context.ts";

export const mutants = [
  {
    name: "a later deadline of the child counts",
    file,
    find: "if (deadline.at >= this.#sureBy) return this.withCancel();",
    replace: "",
    tests,
  },
  {
    name: "a deadline of a block is taken for sure",
    file,
    find: "if (deadline.at >= this.#sureBy) return this.withCancel();",
    replace: "if (deadline.at >= Context.untilOf(this)) return this.withCancel();",
    tests,
  },
  {
    name: "a deadline of a block does not show",
    file,
    find: "deadline.at < Context.untilOf(this) ? deadline : this.#deadline",
    replace: "deadline",
    tests,
  },
  {
    name: "a context with values forgets what is sure",
    file,
    find: "set(checkKey(key), value), this.#deadline, this.#sureBy);",
    replace: "set(checkKey(key), value), this.#deadline);",
    tests,
  },
  {
    name: "a value has a node of its own",
    file,
    find: "return new Context(this.#node, new Map",
    replace: "return new Context(new CancelNode(this.#node), new Map",
    tests,
  },
  {
    name: "values leak into what they were derived from",
    file,
    find: "new Map(this.#locals).set(checkKey(key), value)",
    replace: "((this.#locals ?? new Map()) as Map<unknown, unknown>).set(key, value) as never",
    tests,
  },
  {
    name: "withoutCancel is cancelled",
    file,
    find: "return new Context(Context.background.#node, this.#locals, undefined);",
    replace: "return new Context(this.#node, this.#locals, undefined);",
    tests,
  },
  {
    name: "withoutCancel keeps the deadline",
    file,
    find: "return new Context(Context.background.#node, this.#locals, undefined);",
    replace: "return new Context(Context.background.#node, this.#locals, this.#deadline);",
    tests,
  },
  {
    name: "disposing only lets go",
    file,
    find: '    this.cancel("the context was disposed");',
    replace: "    (this[cancelSource] as CancelNode).detach();",
    tests,
  },
  {
    name: "a past deadline waits for the timer",
    file,
    find: "if (deadline.at <= scheduler.host.now()) node.cancelWith(new Cancellation(error()));\n    else ",
    replace: "",
    tests,
  },
  {
    name: "a reason of one's own hides that it was a deadline",
    file,
    find: 'new CancelledError(reason(), "TimeoutError")',
    replace: "new CancelledError(reason())",
    tests,
  },
  {
    name: "the background keeps members",
    file,
    find: "  override add(): void {}\n",
    replace: "",
    tests: ["cancel/node.test.ts", "cancel/context.test.ts"],
  },
];
