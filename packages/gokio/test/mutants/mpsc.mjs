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
    find: "  #settle(): void {\n    this.serve();\n",
    replace: "  #settle(): void {\n",
    tests,
  },
  {
    name: "a receive does not let the first sender go on",
    file: "chan/mpsc-core.ts",
    find: "if (this.#entries !== undefined) this.serve();",
    replace: "",
    tests,
  },
  {
    name: "entries are served last in, first out",
    file: "chan/mpsc-core.ts",
    find: "      entries.shift();\n",
    replace: "      waiter = entries.tail as Waiter;\n      entries.remove(waiter);\n",
    tests,
  },
  {
    name: "a message is handed over and buffered, too",
    file: "chan/mpsc-core.ts",
    find: "      give(receiver, value);\n      return;\n",
    replace: "      give(receiver, value);\n",
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
    file: "chan/slot-requests.ts",
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
    find: "(waiter.slot as Entry<unknown>).refuse(waiter);",
    replace: "",
    tests,
  },
  {
    name: "those who come later may overtake those who wait for several slots",
    file: "chan/mpsc-core.ts",
    find: "return this.length + this.reserved < this.#limit && !this.hasParked;",
    replace: "return this.length + this.reserved < this.#limit;",
    tests,
  },
  {
    name: "a small request overtakes a large one in the queue",
    file: "chan/mpsc-core.ts",
    find: "      if (this.length + reserved > this.#limit) return;\n      entries.shift();",
    replace:
      "      if (this.length + reserved > this.#limit) {\n        const next = waiter.next;\n        if (next === undefined || !(this.length + this.reserved < this.#limit)) return;\n        entries.remove(next);\n        this.reserved++;\n        (next.slot as Entry<unknown>).admit(next, this as MpscCore<unknown>);\n        continue;\n      }\n      entries.shift();",
    tests,
  },
  {
    name: "a large request that leaves does not re-serve the queue",
    file: "chan/slot-requests.ts",
    find: "    this.#core.serve();",
    replace: "",
    tests,
  },
];
