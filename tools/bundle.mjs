/** How programs that are run, not published, become JavaScript: the examples, the lab, its contestants and its guard. */
import { rmSync } from "node:fs";
import { build } from "esbuild";

/** Makes `entryPoints` anew in `outdir`, each with all that it imports from the repository; packages stay imports. */
export async function bundle(entryPoints, outdir) {
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints,
    outdir,
    bundle: true,
    // What is loaded on demand stays a file of its own: no contestant loads another, and no clock is taken late.
    splitting: true,
    packages: "external",
    // The repository's settings lead gokio to its sources; what is run takes the built package, as anybody else.
    tsconfigRaw: {},
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    logLevel: "warning",
  });
}
