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
import { bundle } from "../tools/bundle.mjs";

const lab = dirname(fileURLToPath(import.meta.url));
const gokio = resolve(lab, "../packages/gokio");

/** Compiles the contestants into `cache`, and returns where their programs are. */
export async function compile(cache = join(lab, ".cache")) {
  const packed = join(cache, "packed");
  const js = join(cache, "js");
  unpack(packed);
  await bundle([join(lab, "gokio/main.ts")], join(packed, "gokio"));
  await bundle([join(lab, "rivals/js/main.ts")], js);
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const program of Object.values(await compile())) console.error(program);
}
