/** Wrong streams of what emits. */
const events = ["stream/events.test.ts"];
const observables = ["stream/observables.test.ts"];

export const mutants = [
  {
    name: "one too many fits",
    file: "stream/sources/push-buffer.ts",
    find: "this.#items.length < this.#capacity",
    replace: "this.#items.length <= this.#capacity",
    tests: events,
  },
  {
    name: "drop-oldest drops the newest",
    file: "stream/sources/push-buffer.ts",
    find: "    this.#items.shift();\n    this.#items.push(value);",
    replace: "",
    tests: events,
  },
  {
    name: "who ended is still listened to",
    file: "stream/sources/push-buffer.ts",
    find: "    this.whenEnded();",
    replace: "",
    tests: events,
  },
  {
    name: "what ended while it was being listened to is not let go",
    file: "stream/sources/push-buffer.ts",
    find: "if (this.#buffer.hasEnded) ear.ignore();\n    else ",
    replace: "",
    tests: observables,
  },
  {
    name: "leaving leaves the listeners",
    file: "stream/sources/push-buffer.ts",
    find: "    this.#ear?.ignore();",
    replace: "",
    tests: events,
  },
  {
    name: "an error overtakes what came before it",
    file: "stream/sources/push-buffer.ts",
    find: "    if (this.#items.length !== 0) return",
    replace:
      '    if (this.#end !== undefined && "error" in this.#end) throw this.#end.error;\n    if (this.#items.length !== 0) return',
    tests: events,
  },
  {
    name: "an error is an end",
    file: "stream/sources/events.ts",
    find: '["error", (error) => buffer.end({ error })],',
    replace: '["error", () => buffer.end()],',
    tests: events,
  },
  {
    name: "subscribing that gives no subscription goes unnoticed",
    file: "stream/sources/events.ts",
    find: "else throw new TypeError(`observable must give",
    replace: "else if (buffer === undefined) throw new TypeError(`observable must give",
    tests: observables,
  },
  {
    name: "unsubscribed twice",
    file: "stream/sources/events.ts",
    find: "    this.#unsubscribe = undefined;\n",
    replace: "",
    tests: observables,
  },
];
