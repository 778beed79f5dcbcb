/**
 * Makes programs of the JavaScript contestants, in lab/.cache: `node lab/compile.mjs`, after `npm run build`.
 *
 * gokio is used as anybody would: the package is packed and unpacked as lab/.cache/packed/node_modules/gokio, and lab/gokio is compiled
 * beside it, so that "gokio" resolves there. The peers are compiled to lab/.cache/js, and resolve from the repository's own packages.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const lab = dirname(fileURLToPath(import.meta.url));
const gokio = resolve(lab, "../packages/gokio");

/** Compiles the contestants into `cache`, and returns where their programs are. */
export async function compile(cache = join(lab, ".cache")) {
  const packed = join(cache, "packed");
  const js = join(cache, "js");
  unpack(packed);
  await programs(join(lab, "gokio"), join(packed, "gokio"));
  await programs(join(lab, "rivals/js"), js);
  return { gokio: join(packed, "gokio/main.js"), js: join(js, "main.js") };
}

function unpack(folder) {
  if (!existsSync(join(gokio, "dist/index.js"))) throw new Error("gokio is not built: npm run build");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true, type: "module" })}\n`);
  const options = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
  const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", gokio, "--json"], options));
  execFileSync("tar", ["-xzf", filename], options);
  renameSync(join(folder, "package"), join(folder, "node_modules/gokio"));
}

/** Compiles `main.ts` of a folder with all that it imports from the lab; packages stay imports. */
async function programs(from, outdir) {
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [join(from, "main.ts")],
    outdir,
    bundle: true,
    // What is loaded on demand stays a file of its own, so that no contestant loads another.
    splitting: true,
    packages: "external",
    // The repository's settings lead gokio to its sources.
    tsconfigRaw: {},
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const program of Object.values(await compile())) console.error(program);
}
