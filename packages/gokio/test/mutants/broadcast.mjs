/** Wrong broadcasts. */
const tests = ["chan/broadcast.test.ts", "chan/broadcast.model.test.ts"];
const file = "chan/broadcast-ring.ts";

export const mutants = [
  {
    name: "a cancelled receive stays linked",
    file: "chan/ends.ts",
    find: "this.inlet.receivers.remove(waiter as Waiter);",
    replace: "",
    tests,
  },
  {
    name: "a message handed over is stored for the same receiver, too",
    file,
    find: "      cursor.position++;\n",
    replace: "",
    tests,
  },
  {
    name: "a message handed over is kept as if it was not seen",
    file,
    find: "const unseen = receivers - this.#handOver(value);",
    replace: "this.#handOver(value);\n    const unseen = receivers;",
    tests,
  },
  {
    name: "the second receive at a receiver is forgotten",
    file,
    find: "      if (cursor.receivers.head !== undefined) {\n        cursor.place = kept;\n        parked[kept++] = cursor;\n      }\n",
    replace: "",
    tests,
  },
  {
    name: "the last receive at a receiver is served first",
    file,
    find: "const waiter = cursor.receivers.shift();",
    replace: "const waiter = cursor.receivers.tail; if (waiter !== undefined) cursor.receivers.remove(waiter);",
    tests,
  },
  {
    name: "the lag is counted short",
    file,
    find: "const missed = this.ring.head - this.position;",
    replace: "const missed = this.ring.head - this.position - 1;",
    tests,
  },
  {
    name: "one message more than the capacity is kept",
    file,
    find: "if (number - this.head === this.capacity)",
    replace: "if (number - this.head > this.capacity)",
    tests,
  },
  {
    name: "a receiver that leaves keeps its messages alive",
    file,
    find: "for (let n = Math.max(this.position, ring.head); n < ring.tail; n++) ring.see(n);",
    replace: "",
    tests,
  },
  {
    name: "one that leaves takes another off the list of the parked",
    file,
    find: "    last.place = place;\n    this.#parked[place] = last;\n",
    replace: "",
    tests,
  },
  {
    name: "every message asks every receiver",
    file,
    find: "      cursor.place = NOWHERE;\n      if (cursor.receivers.head !== undefined) {",
    replace: "      {",
    tests,
  },
  {
    name: "who waits for the receivers to go is not told",
    file,
    find: "if (this.isClosed) wakeAll(this.watchers, undefined);",
    replace: "",
    tests,
  },
  {
    name: "a message that all have seen is kept alive",
    file,
    find: "    this.#values[slot] = undefined;\n    this.#unseen",
    replace: "    this.#unseen",
    tests,
  },
  {
    name: "the end overtakes the last messages",
    file,
    find: "    if (position === ring.tail) {\n      if (ring.hasEnded) throw",
    replace:
      "    if (ring.hasEnded) throw new ClosedError(ring.describe());\n    if (position === ring.tail) {\n      if (ring.hasEnded) throw",
    tests,
  },
];
