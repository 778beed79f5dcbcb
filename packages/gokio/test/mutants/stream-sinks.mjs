/** Wrong pipes. */
const sinks = ["stream/sinks.test.ts"];
const web = ["stream/web-streams.test.ts"];
const node = ["stream/node-streams.test.ts"];

export const mutants = [
  {
    name: "a full channel holds nobody back",
    file: "stream/sinks/channel-pipe.ts",
    find: "return op.try() === PENDING ? this.line.wait(op, this) : GO;",
    replace: "if (op.try() === PENDING) op.then(undefined, () => {});\n    return GO;",
    tests: sinks,
  },
  {
    name: "a oneshot loses what it does not take",
    file: "stream/sinks/channel-pipe.ts",
    find: "if (sent === false && closing in to)",
    replace: "if (sent === undefined && closing in to)",
    tests: sinks,
  },
  {
    name: "a WritableStream holds nobody back",
    file: "stream/sinks/web-pipe.ts",
    find: "(writer.desiredSize ?? 0) > 0 ?",
    replace: "(writer.desiredSize ?? 0) > -100 ?",
    tests: web,
  },
  {
    name: "its failure is noticed with the next item",
    file: "stream/sinks/web-pipe.ts",
    find: "    this.leave();",
    replace: "",
    tests: web,
  },
  {
    name: "a WritableStream stays locked",
    file: "stream/sinks/web-pipe.ts",
    find: "      writer.releaseLock();",
    replace: "",
    tests: web,
  },
  {
    name: "a pipe that is left lets the WritableStream be",
    file: "stream/sinks/web-pipe.ts",
    find: "if (this.ends && !this.#isThrough) await writer.abort(this.reason);",
    replace: "",
    tests: web,
  },
  {
    name: "a Writable holds nobody back",
    file: "stream/sinks/node-pipe.ts",
    find: "return this.#to.write(value as never, this.#written) ? GO : this.line.wait(this.#bell, this);",
    replace: "this.#to.write(value as never, this.#written);\n    return GO;",
    tests: node,
  },
  {
    name: "a listener stays on a Writable",
    file: "stream/sinks/node-pipe.ts",
    find: '    to.removeListener("drain", this.#bell.ring);',
    replace: "",
    tests: node,
  },
  {
    name: "a Writable that has closed is not noticed",
    file: "stream/sinks/node-pipe.ts",
    find: '    to.on("close", this.#closed);',
    replace: "",
    tests: node,
  },
  {
    name: "what is destroyed fails with nobody to hear it",
    file: "stream/node-stream.ts",
    find: '    stream.on("error", failed);',
    replace: "",
    tests: node,
  },
  {
    name: "the end is reported before the Writable has finished",
    file: "stream/sinks/node-pipe.ts",
    find: "return this.#isThrough ? undefined : this.#bell;",
    replace: "this.#isThrough = true;\n    return undefined;",
    tests: node,
  },
  {
    name: "a ReadableStream that is cancelled lets the stream be",
    file: "stream/sinks/readable.ts",
    find: "      await upstream.close();",
    replace: "",
    tests: web,
  },
];
