/** Wrong mpsc channels. */
const tests = ["chan/mpsc.test.ts", "chan/mpsc.model.test.ts"];

export const mutants = [
  {
    name: "a cancelled send or reserve stays linked",
    file: "chan/mpsc-core.ts",
    find: "waiter.list?.remove(waiter as Waiter);",
    replace: "",
    tests,
  },
  {
    name: "a slot given back serves nobody",
    file: "chan/mpsc-core.ts",
    find: "  #settle(): void {\n    this.#serve();\n",
    replace: "  #settle(): void {\n",
    tests,
  },
  {
    name: "a receive does not let the first sender go on",
    file: "chan/mpsc-core.ts",
    find: "if (this.entries.head !== undefined) this.#serve();",
    replace: "",
    tests,
  },
  {
    name: "entries are served last in, first out",
    file: "chan/mpsc-core.ts",
    find: "for (let waiter = this.entries.head; waiter !== undefined && this.hasRoom; waiter = this.entries.head) {",
    replace: "for (let waiter = this.entries.tail; waiter !== undefined && this.hasRoom; waiter = this.entries.tail) {",
    tests,
  },
  {
    name: "a message is handed over and buffered, too",
    file: "chan/mpsc-core.ts",
    find: "if (receiver !== undefined) give(receiver, value);\n    else this.buffer",
    replace: "if (receiver !== undefined) give(receiver, value);\n    this.buffer",
    tests,
  },
  {
    name: "a permit sends twice",
    file: "chan/permit.ts",
    find: "    this.#core = undefined;\n    core.fill(value);",
    replace: "    core.fill(value);",
    tests,
  },
  {
    name: "a permit returns its slot twice",
    file: "chan/permit.ts",
    find: "    this.#core = undefined;\n    core?.release();",
    replace: "    core?.release();",
    tests,
  },
  {
    name: "a select that sends and receives meets itself",
    file: "chan/sender.ts",
    find: "    waiter.wake();\n    core.putAdmitted(this.#value);",
    replace: "    core.putAdmitted(this.#value);\n    waiter.wake();",
    tests,
  },
  {
    name: "the end comes before what permits will send",
    file: "chan/mpsc-core.ts",
    find: "return this.#discards || (this.reserved === 0 && this.hasEnded);",
    replace: "return this.#discards || this.hasEnded;",
    tests,
  },
  {
    name: "closing forgets parked senders",
    file: "chan/mpsc-core.ts",
    find: "entry.refuse(waiter);",
    replace: "",
    tests,
  },
  {
    name: "those who reserve may overtake",
    file: "chan/sender.ts",
    find: "  if (!core.hasRoom) return PENDING;",
    replace: "  if (core.buffer.length >= core.capacity) return PENDING;",
    tests,
  },
];
