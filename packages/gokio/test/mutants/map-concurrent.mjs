/** Wrong ways to map. */
const tests = ["group/map-concurrent.test.ts"];
const file = "group/map-concurrent.ts";

export const mutants = [
  {
    name: "one more than the limit",
    file,
    find: "this.region.size < this.#how.limit;",
    replace: "this.region.size <= this.#how.limit;",
    tests,
  },
  {
    name: "one at a time",
    file,
    find: "this.region.size < this.#how.limit;",
    replace: "this.region.size === 0;",
    tests,
  },
  {
    name: "the contexts of the call are lost",
    file,
    find: "enter(() => this.region.start(body, options, new Item(this, index)));",
    replace: "this.region.start(body, options, new Item(this, index));\n    void enter;",
    tests,
  },
  {
    name: "results come in the order of the ends",
    file,
    find: "const index = this.results.push(undefined) - 1;",
    replace: "const index = this.results.length;",
    tests,
  },
  { name: "an item is asked for before there is room", file, find: "      yield* mapping.room;\n", replace: "", tests },
  { name: "an end makes no room", file, find: "    room.open();\n", replace: "    void room;\n", tests },
  { name: "failures stop nothing", file, find: "    region.ended(task);\n", replace: "    region.size--;\n", tests },
];
