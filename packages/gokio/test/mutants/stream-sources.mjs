/** Wrong sources of streams. */
const sources = ["stream/sources.test.ts"];
const channels = ["stream/channels.test.ts"];
const web = ["stream/web-streams.test.ts"];
const node = ["stream/node-streams.test.ts"];

export const mutants = [
  {
    name: "a running sum, which drifts",
    file: "stream/sources/iterable-source.ts",
    find: "const value = start + index * step;",
    replace:
      "const value = index === 0 ? start : (this.line as unknown as { at: number }).at + step;\n      (this.line as unknown as { at: number }).at = value;",
    tests: sources,
  },
  {
    name: "an iterator that has thrown is told to close",
    file: "stream/sources/async-iterable-source.ts",
    find: "        this.#isDone = true;\n        throw error;",
    replace: "        throw error;",
    tests: sources,
  },
  {
    name: "a thenable is taken at its word",
    file: "stream/arrival.ts",
    find: "const own = promise instanceof Promise ? promise : Promise.resolve(promise);",
    replace: "const own = promise;",
    tests: sources,
  },
  {
    name: "a stream that a function gives is not closed",
    file: "stream/sources/source-of.ts",
    find: "  if (planning in object)\n    return",
    replace: "  if (object === undefined)\n    return",
    tests: sources,
  },
  {
    name: "a watch does not begin with its value",
    file: "stream/sources/source-of.ts",
    find: "return items[looping]?.() ?? items[nexting];",
    replace: "return items[nexting];",
    tests: channels,
  },
  {
    name: "a lag that comes while nobody pulls is an error after all",
    file: "stream/sources/op-source.ts",
    find: "if (error instanceof LaggedError) return",
    replace: "if (error instanceof LaggedError && this.#next === undefined) return",
    tests: channels,
  },
  {
    name: "a ReadableStream stays locked",
    file: "stream/sources/web-source.ts",
    find: "    this.#reader?.releaseLock();",
    replace: "",
    tests: web,
  },
  {
    name: "a ReadableStream that is left goes on",
    file: "stream/sources/web-source.ts",
    find: "return reader.cancel().finally(() => reader.releaseLock());",
    replace: "reader.releaseLock();\n    return undefined;",
    tests: web,
  },
  {
    name: "listeners stay on a Readable",
    file: "stream/sources/node-source.ts",
    find: '    stream.removeListener("readable", this.#bell.ring);',
    replace: "",
    tests: node,
  },
  {
    name: "a Readable that was closed has ended",
    file: "stream/sources/node-source.ts",
    find: "if (this.#hasEnded || stream.readableEnded === true)",
    replace: "if (this.#hasEnded || this.#hasClosed || stream.readableEnded === true)",
    tests: node,
  },
  {
    name: "a Readable that is left stays open",
    file: "stream/sources/node-source.ts",
    find: "return destroyed(this.#stream);",
    replace: "return undefined;",
    tests: node,
  },
];
