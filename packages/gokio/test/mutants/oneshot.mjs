/** Wrong oneshots. */
const tests = ["chan/oneshot.test.ts", "chan/oneshot.model.test.ts"];

export const mutants = [
  {
    name: "a wait for the close stays linked",
    file: "chan/closed.ts",
    find: "this.#side.watchers.remove(waiter);",
    replace: "",
    tests,
  },
  {
    name: "a value is handed over and kept, too",
    file: "chan/oneshot.ts",
    find: "    this.#state = DONE;\n    give(receiver, value);",
    replace: "    this.#state = FULL;\n    this.#value = value;\n    give(receiver, value);",
    tests,
  },
  {
    name: "the last to wait gets the value",
    file: "chan/oneshot.ts",
    find: "const receiver = this.receivers.shift();",
    replace: "const receiver = this.receivers.tail; if (receiver !== undefined) this.receivers.remove(receiver);",
    tests,
  },
  {
    name: "a second receive is not told",
    file: "chan/oneshot.ts",
    find: "if (this.receivers.head !== undefined) giveUpAll(this.receivers, new ClosedError(this.label));",
    replace: "",
    tests,
  },
  {
    name: "a sender that gives up takes a sent value with it",
    file: "chan/oneshot.ts",
    find: "if (this.#state === EMPTY) this.discard();",
    replace: "this.discard();",
    tests,
  },
  {
    name: "a value can be received twice",
    file: "chan/oneshot.ts",
    find: "    this.discard();\n    return value;",
    replace: "    return value;",
    tests,
  },
  {
    name: "nobody is told of the close",
    file: "chan/oneshot.ts",
    find: "    wakeAll(this.watchers, undefined);",
    replace: "",
    tests,
  },
];
