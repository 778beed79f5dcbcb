/**
 * Makes programs of the guard, in lab/.cache/guard. They import gokio as any program does, from packages/gokio/dist, which is built
 * before: `npm run build && node lab/guard/compile.mjs`.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { bundle } from "../../tools/bundle.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = resolve(here, "../../packages/gokio/dist");

/** Compiles programs to a folder below lab/.cache, and returns it. */
export async function compile(entryPoints = ["guard.ts", "child.ts"].map((name) => join(here, name)), name = "guard") {
  if (!existsSync(join(dist, "index.js"))) throw new Error("gokio is not built: npm run build");
  const outdir = resolve(here, "../.cache", name);
  await bundle(entryPoints, outdir);
  return outdir;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compile();
