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

const MODULES = ["", "diagnostics", "testing"];

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Options of node, before the program. */
  readonly args?: readonly string[];
  /** Environment variables, beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files to lie beside the program, by their names. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Gives a function that runs the text of a program, which imports from `"gokio"` and its subpaths. To be called once, at the top of a test file. */
export function programs(): (program: string, options?: RunOptions) => Promise<Ran> {
  let folder = "";
  let made = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gokio-programs-"));
    await build({
      entryPoints: Object.fromEntries(MODULES.map((name) => [join(name, "index"), source(join(name, "index.ts"))])),
      outdir: join(folder, "node_modules/gokio"),
      bundle: true,
      splitting: true,
      // As Node loads the package: what is imported for its effect is there.
      ignoreAnnotations: true,
      platform: "node",
      format: "esm",
      target: "node20",
      alias: {
        "#platform": source("kernel/platform-node.ts"),
        "#testing-platform": source("testing/platform-node.ts"),
      },
      logLevel: "error",
    });
    const exported = MODULES.map((name) => [name === "" ? "." : `./${name}`, `./${join(name, "index.js")}`]);
    const manifest = { name: "gokio", type: "module", exports: Object.fromEntries(exported) };
    await writeFile(join(folder, "node_modules/gokio/package.json"), JSON.stringify(manifest));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return async (program, { args = [], env = {}, files = {} } = {}) => {
    const path = join(folder, `program-${++made}.mjs`);
    await writeFile(path, program);
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [...args, path],
        { cwd: folder, timeout: 30_000, env: { ...process.env, ...env } },
        (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  };
}
