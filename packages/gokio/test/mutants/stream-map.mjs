/** Wrong StreamMaps. */
const tests = ["stream/stream-map.test.ts", "stream/stream-map.model.test.ts"];
const file = "stream/keyed-entries.ts";

export const mutants = [
  {
    name: "a pull that was given up leaves the streams linked",
    file,
    find: "if (this.receivers.head === undefined) for (const entry of this.#entries) entry.unlink();",
    replace: "",
    tests,
  },
  {
    name: "the turn stays where it is",
    file,
    find: "this.#turn = (at + 1) % this.size;",
    replace: "",
    tests,
  },
  {
    name: "a stream with an item at hand goes before those that have to be waited for",
    file,
    find: "if (!run.isOver || run.failure !== undefined || this.#byKey.get(entry.key) !== entry) return;",
    replace:
      "if (!run.isOver) {\n        if (left > 1) for (const other of this.#entries) other.upstream.run.fill();\n        return;\n      }\n      if (run.failure !== undefined || this.#byKey.get(entry.key) !== entry) return;",
    tests,
  },
  {
    name: "one that is put in is not asked while somebody waits",
    file,
    find: "if (this.receivers.head !== undefined) entry.link();",
    replace: "",
    tests,
  },
  {
    name: "one that is taken out stays linked",
    file,
    find: "  takeOut(entry: Entry<K, T>): void {\n    entry.unlink();",
    replace: "  takeOut(entry: Entry<K, T>): void {",
    tests,
  },
  {
    name: "whoever waits is not told that the last has gone",
    file,
    find: "if (this.size === 0 && this.receivers.head !== undefined)",
    replace: "if (this.size > 0)",
    tests,
  },
  {
    name: "a stream that has failed stays in",
    file,
    find: "    } catch (error) {\n      this.takeOut(entry);",
    replace: "    } catch (error) {",
    tests,
  },
  {
    name: "the second who waits is forgotten",
    file,
    find: "    else entry.link();",
    replace: "",
    tests,
  },
  {
    name: "a stream that has ended ends them all",
    file,
    find: "        if (at >= this.size) at = 0;",
    replace: "        return END;",
    tests,
  },
  {
    name: "the streams are children of the task that pulled first",
    file: "stream/upstream.ts",
    find: "run.isOrphan = true;",
    replace: "",
    tests,
  },
  {
    name: "an error that is a ClosedError is taken for the end",
    file: "stream/pulls.ts",
    find: "return this.run.pull();",
    replace: "return super.try();",
    tests,
  },
];
