/** Sites: which frames are the program's, and what the engines call things. */
import { describe, expect, test } from "vitest";
import { captureSite, framesOf, Site, showFrame } from "../../src/diagnostics/sites.ts";

const ROOT = new URL("../../src/", import.meta.url).href;

describe("of a stack of V8", () => {
  test("the frames of the runtime, of gokio, and of what called the program are left out", () => {
    const stack = [
      "Error: site",
      `    at captureSite (${ROOT}diagnostics/sites.ts:60:12)`,
      `    at Chan.recv (${ROOT}chan/chan.ts:12:9)`,
      "    at load (/app/src/load.js:12:9)",
      "    at query (/app/node_modules/db/index.js:7:1)",
      "    at Generator.next (<anonymous>)",
      "    at async main (/app/src/main.js:3:1)",
      "    at async file:///app/node_modules/runner/run.js:1:1",
      "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    ].join("\n");
    expect(framesOf(stack).map(showFrame)).toEqual([
      "load (/app/src/load.js:12:9)",
      "query (/app/node_modules/db/index.js:7:1)",
      "main (/app/src/main.js:3:1)",
    ]);
  });

  test("an installed gokio is left out, wherever it lies", () => {
    const stack = "Error\n    at f (/app/node_modules/gokio/bundled.js:1:1)\n    at g (/app/g.js:2:3)";
    expect(framesOf(stack)).toEqual([{ name: "g", file: "/app/g.js", line: 2, column: 3 }]);
  });

  test("functions are named as in the source, and code without a name by its place alone", () => {
    const stack = [
      "Error",
      "    at worker (/app/a.js:1:2)",
      "    at worker.next (<anonymous>)",
      "    at Object.<anonymous> (/app/a.js:3:4)",
      "    at Holding.<anonymous> (/app/a.js:4:5)",
      "    at /app/a.js:5:6",
      "    at Pool.run [as start] (/app/a.js:7:8)",
      "    at new Server (/app/a.js:9:10)",
    ].join("\n");
    expect(framesOf(stack).map(showFrame)).toEqual([
      "worker (/app/a.js:1:2)",
      "/app/a.js:3:4",
      "/app/a.js:4:5",
      "/app/a.js:5:6",
      "Pool.run (/app/a.js:7:8)",
      "new Server (/app/a.js:9:10)",
    ]);
  });
});

test("a stack of the other engines is read, too", () => {
  const stack = "load@https://example.org/app.js:12:9\n@https://example.org/app.js:1:2\n[native code]";
  expect(framesOf(stack)).toEqual([
    { name: "load", file: "https://example.org/app.js", line: 12, column: 9 },
    { name: "", file: "https://example.org/app.js", line: 1, column: 2 },
  ]);
});

test("a capture names its caller, and leaves the limit of stacks as it was", () => {
  Error.stackTraceLimit = 1;
  let site: Site | undefined;
  try {
    site = (function here() {
      return captureSite();
    })();
    expect(Error.stackTraceLimit).toBe(1);
  } finally {
    Error.stackTraceLimit = 10;
  }
  expect(site.toString()).toMatch(/^here \(packages\/gokio\/test\/diagnostics\/sites\.test\.ts:\d+:\d+\)$/);
  expect(site.frames).toBe(site.frames);
});

test("a stack without a frame of the program's is no site", () => {
  const site = new Site({ stack: `Error\n    at f (${ROOT}a.ts:1:1)\n    at node:internal/main:1:1` });
  expect(site.frames).toEqual([]);
  expect(String(site)).toBe("");
});
