/**
 * Makes JavaScript of what is run, not published: examples/*.ts into examples/dist, lab/*.ts into lab/dist. They import gokio as any
 * program does, from packages/gokio/dist, so that is built first.
 */
import { readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

function programsIn(folder) {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith(".ts"));
  return files.filter((name) => !/\.(test|test-d|config)\.ts$/.test(name)).map((name) => join(root, folder, name));
}

for (const folder of ["examples", "lab"]) {
  const outdir = join(root, folder, "dist");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: programsIn(folder),
    outdir,
    bundle: true,
    splitting: true,
    packages: "external",
    // The repository's settings lead gokio to its sources; what is run here takes the built package, as anybody else.
    tsconfigRaw: {},
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    logLevel: "warning",
  });
}
