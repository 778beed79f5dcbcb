/**
 * Whole programs, in a process of their own: for exit codes, signals, and what keeps a process alive.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";

const source = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Gives a function that runs the text of a program, which imports from `"gokio"`. To be called once, at the top of a test file. */
export function programs(): (program: string) => Promise<Ran> {
  let folder = "";
  let made = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gokio-programs-"));
    await build({
      entryPoints: [source("index.ts")],
      outfile: join(folder, "node_modules/gokio/index.js"),
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      alias: { "#platform": source("kernel/platform-node.ts") },
      logLevel: "error",
    });
    const manifest = { name: "gokio", type: "module", exports: { ".": "./index.js" } };
    await writeFile(join(folder, "node_modules/gokio/package.json"), JSON.stringify(manifest));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return async (program) => {
    const path = join(folder, `program-${++made}.mjs`);
    await writeFile(path, program);
    return await new Promise((resolve) => {
      const child = execFile(process.execPath, [path], { timeout: 30_000 }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  };
}
