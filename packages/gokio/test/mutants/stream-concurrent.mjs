/** Wrong ways to work on several items at once. */
const tests = ["stream/concurrent.test.ts"];
const crew = "stream/ops/crew.ts";
const concurrent = "stream/ops/concurrent.ts";

export const mutants = [
  {
    name: "one more than the limit",
    file: crew,
    find: "this.#inFlight < this.#orders.limit;",
    replace: "this.#inFlight <= this.#orders.limit;",
    tests,
  },
  {
    name: "what is finished no longer counts",
    file: crew,
    find: "this.#inFlight < this.#orders.limit;",
    replace: "this.live < this.#orders.limit;",
    tests,
  },
  {
    name: "results come as they are there",
    file: concurrent,
    find: "const { ordered = true,",
    replace: "const { ordered = false,",
    tests,
  },
  {
    name: "leaving does not wait for cleanup",
    file: crew,
    find: "if (this.live > 0) return this.idle;",
    replace: "",
    tests,
  },
  {
    name: "leaving does not cancel",
    file: crew,
    find: 'this.cancelWith(new Cancellation("the stream was left"));',
    replace: "",
    tests,
  },
  {
    name: "a failure cancels nothing",
    file: crew,
    find: "    this.cancelWith(new Cancellation(error));\n",
    replace: "",
    tests,
  },
  {
    name: "a failure does not wait for the others",
    file: concurrent,
    find: "if (crew.hasFailed) yield* crew.idle;",
    replace: "crew.tellFailures();",
    tests,
  },
  {
    name: "what was finished before a failure is dropped",
    file: crew,
    find: "this.#left ??= this.#readyNow();",
    replace: "this.#left ??= 0;",
    tests,
  },
  {
    name: "a second failure counts again what is to be handed on",
    file: crew,
    find: "this.#left ??= this.#readyNow();",
    replace: "this.#left = this.#readyNow();",
    tests,
  },
  {
    name: "failures nobody saw are lost",
    file: crew,
    find: "    this.tellFailures();\n    return undefined;",
    replace: "    return undefined;",
    tests,
  },
  {
    name: "an end wakes nobody",
    file: crew,
    find: "    this.turn.open();\n    this.idle.open();",
    replace: "    this.idle.open();",
    tests,
  },
  {
    name: "what is upstream stands still while there is something to hand on",
    file: concurrent,
    find: "const item = yield* crew.isReady ? poke : pull;",
    replace: "const item = yield* pull; void poke;",
    tests,
  },
  {
    name: "the contexts of the call are lost",
    file: crew,
    find: "else enter(() => this.#start(body));",
    replace: "else this.#start(body);",
    tests,
  },
  {
    name: "what is upstream is not closed",
    file: concurrent,
    find: "return [this.#upstream];",
    replace: "return [];",
    tests,
  },
];
