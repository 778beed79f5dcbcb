/** Wrong ways to try again. */
const tests = ["group/retry.test.ts"];
const file = "group/retry.ts";

export const mutants = [
  {
    name: "one attempt too many",
    file,
    find: "if (attempt >= this.#attempts) throw",
    replace: "if (attempt > this.#attempts) throw",
    tests,
  },
  { name: "pauses do not grow", file, find: "this.#factor ** (attempt - 1)", replace: "1", tests },
  {
    name: "pauses grow without end",
    file,
    find: "Math.min(this.#base * this.#factor ** (attempt - 1), this.#max)",
    replace: "this.#base * this.#factor ** (attempt - 1)",
    tests,
  },
  { name: "jitter lengthens", file, find: "(1 - this.#jitter *", replace: "(1 + this.#jitter *", tests },
  { name: "no jitter", file, find: "(1 - this.#jitter *", replace: "(1 - 0 *", tests },
  { name: "retryIf is not asked", file, find: "!this.#retryIf(error, attempt)", replace: "false", tests },
  {
    name: "the signal is not listened to",
    file,
    find: "source === undefined ? TaskRegion",
    replace: "true ? TaskRegion",
    tests,
  },
];
