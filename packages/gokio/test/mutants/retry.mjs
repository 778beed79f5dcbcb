/** Wrong ways to try again. */
const tests = ["group/retry.test.ts"];
const file = "group/retry.ts";
const backoff = "group/backoff.ts";

export const mutants = [
  {
    name: "one attempt too many",
    file: backoff,
    find: "if (attempt >= this.#attempts) throw",
    replace: "if (attempt > this.#attempts) throw",
    tests,
  },
  { name: "pauses do not grow", file: backoff, find: "this.#factor ** (attempt - 1)", replace: "1", tests },
  {
    name: "pauses grow without end",
    file: backoff,
    find: "Math.min(this.#base * this.#factor ** (attempt - 1), this.#max)",
    replace: "this.#base * this.#factor ** (attempt - 1)",
    tests,
  },
  {
    name: "no pause becomes no number",
    file: backoff,
    find: "this.#base === 0 ? 0 : ",
    replace: "",
    tests,
  },
  { name: "jitter lengthens", file: backoff, find: "(1 - this.#jitter *", replace: "(1 + this.#jitter *", tests },
  { name: "no jitter", file: backoff, find: "(1 - this.#jitter *", replace: "(1 - 0 *", tests },
  { name: "retryIf is not asked", file: backoff, find: "!this.#retryIf(error, attempt)", replace: "false", tests },
  {
    name: "the signal is not listened to",
    file,
    find: "source === undefined ? TaskRegion",
    replace: "true ? TaskRegion",
    tests,
  },
];
