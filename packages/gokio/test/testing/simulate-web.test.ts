/** Without Node's modules: generators are simulated; async bodies, which need an ambient context, are refused. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";

const source = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

const PROGRAM = `
  import { chan, each, select, send, sleep, spawn } from "${source("index.ts")}";
  import { simulate } from "${source("testing/index.ts")}";

  const elapsed = await simulate(function* (sim) {
    const net = chan(0, { name: "net" });
    const got = [];
    spawn(function* () { yield* each(net, (n) => void got.push(n)); }, { daemon: true });
    for (let n = 0; n < 3; n++) {
      yield* send(net, n);
      yield* sleep(1000);
    }
    setTimeout(() => got.push("timer"), 50);
    yield* sim.advance(60);
    return [sim.elapsed, new Date().getUTCFullYear(), got.join()];
  }, { fakeTimers: true, seed: 1, faults: { lateTimers: { p: 0, maxMs: 1 } } });
  let refused;
  try {
    await simulate(async () => {});
  } catch (error) {
    refused = [error.name, error.message.split("\\n")[0]];
  }
  console.log(JSON.stringify([elapsed, refused]));
`;

test("the web", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gokio-web-"));
  try {
    const { outputFiles } = await build({
      stdin: { contents: PROGRAM, resolveDir: folder },
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      target: "es2022",
      alias: {
        "#platform": source("kernel/platform-web.ts"),
        "#testing-platform": source("testing/platform-web.ts"),
      },
      logLevel: "error",
    });
    const code = outputFiles[0]?.text ?? "";
    expect(code).not.toMatch(/from "node:/);
    const file = join(folder, "web.mjs");
    await writeFile(file, code);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(JSON.parse(stdout)).toEqual([
      [3060, 2020, "0,1,2,timer"],
      ["MisuseError", "simulate: async bodies need AsyncLocalStorage, which this runtime lacks: write a generator"],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
