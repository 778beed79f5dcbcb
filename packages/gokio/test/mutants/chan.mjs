/** Wrong channels. */
const tests = ["chan/chan.test.ts", "chan/chan.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled receive stays linked",
    file: "chan/ends.ts",
    find: "this.inlet.receivers.remove(waiter as Waiter);",
    replace: "",
    tests,
  },
  {
    name: "a cancelled send stays linked",
    file: "chan/chan.ts",
    find: "this.core.senders.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "a value is handed over and buffered, too",
    file: "chan/chan.ts",
    find: "if (receiver !== undefined) give(receiver, value);\n    else if",
    replace: "if (receiver !== undefined) give(receiver, value);\n    if",
    tests,
  },
  {
    name: "receivers are served last in, first out",
    file: "chan/chan.ts",
    find: "const receiver = this.receivers.shift();",
    replace: "const receiver = this.receivers.tail; if (receiver !== undefined) this.receivers.remove(receiver);",
    tests,
  },
  {
    name: "senders are served last in, first out",
    file: "chan/chan.ts",
    find: "const sender = this.senders.shift() as Waiter<void>;",
    replace: "const sender = this.senders.tail as Waiter<void>; this.senders.remove(sender);",
    tests,
  },
  {
    name: "a receive from the buffer does not let the first sender go on",
    file: "chan/chan.ts",
    find: "if (senders.head !== undefined) this.push(this.#release());",
    replace: "",
    tests,
  },
  {
    name: "the released value overtakes the buffer",
    file: "chan/chan.ts",
    find: "if (this.length !== 0) {",
    replace: "if (senders.head !== undefined) return this.#release();\n    if (this.length !== 0) {",
    tests,
  },
  {
    name: "closing forgets the parked senders",
    file: "chan/chan.ts",
    find: "sender.fail(new SendError(this.label, sender.slot));",
    replace: "",
    tests,
  },
  {
    name: "an operation that delegates to a send has no value",
    file: "chan/chan.ts",
    find: "const value = sender.slot as T;",
    replace: "const { value } = sender.op as Send<T>;",
    tests,
  },
  {
    name: "one that delegates to a receive is given up as if it was one",
    file: "chan/ends.ts",
    find: "if (waiter.slot === undefined) waiter.fail(error);",
    replace: "if (waiter.op instanceof Recv) waiter.fail(error);",
    tests,
  },
  {
    name: "closing drops what is buffered",
    file: "chan/chan.ts",
    find: "    this.closed = true;\n",
    replace: "    this.closed = true;\n    this.clear();\n",
    tests,
  },
];
