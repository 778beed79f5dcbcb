/**
 * Makes JavaScript of what is run, not published: examples/*.ts into examples/dist, lab/*.ts into lab/dist. They import gokio as any
 * program does, from packages/gokio/dist, so that is built first.
 */
import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

function programsIn(folder) {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith(".ts"));
  return files.filter((name) => !/\.(test|test-d|config)\.ts$/.test(name)).map((name) => join(root, folder, name));
}

for (const folder of ["examples", "lab"]) {
  await bundle(programsIn(folder), join(root, folder, "dist"));
}
