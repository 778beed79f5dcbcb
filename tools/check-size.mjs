/** Bundles what a small program imports and holds it to its budget, gzipped. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const budgets = [
  { name: "spawn + chan + select", code: 'export { spawn, chan, select } from "gokio";', limit: 8192, goal: 6144 },
];

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
if (!existsSync(resolve(root, "packages/gokio/dist/index.js"))) {
  console.error("size: packages/gokio/dist is missing; run `npm run build` first");
  process.exit(1);
}

for (const { name, code, limit, goal } of budgets) {
  const result = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    // What is imported for its effect alone is left out on purpose; esbuild says so of what is not below node_modules.
    logOverride: { "ignored-bare-import": "silent" },
  });
  const output = result.outputFiles[0].contents;
  const size = gzipSync(output, { level: 9 }).length;
  console.log(`size: ${name}: ${size} B gzipped (${output.length} B minified), limit ${limit} B, goal ${goal} B`);
  if (size > limit || process.argv.includes("--verbose")) {
    const inputs = Object.values(result.metafile.outputs)[0].inputs;
    const parts = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
    for (const [path, { bytesInOutput }] of parts) console.log(`${String(bytesInOutput).padStart(8)} B  ${path}`);
  }
  if (size > limit) {
    console.error(`size: ${name} is ${size - limit} B over its limit`);
    process.exitCode = 1;
  }
}
