/** Shows that the lint really refuses every way to time and chance outside the kernel's host, and only there. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const refused = [
  "queueMicrotask(() => {})",
  "setTimeout(() => {}, 1)",
  "clearTimeout(1)",
  "setInterval(() => {}, 1)",
  "setImmediate(() => {})",
  "new MessageChannel()",
  "performance.now()",
  "process.exit()",
  "process.nextTick(() => {})",
  "crypto.randomUUID()",
  "Date.now()",
  'Date["now"]()',
  "new Date()",
  "Date()",
  "Math.random()",
  'Math["random"]()',
  "AbortSignal.timeout(5)",
  "globalThis.setTimeout(() => {}, 1)",
  "globalThis.process",
  "globalThis.Date",
];
const allowed = ["new Date(5)", "Math.max(1, 2)", "(d: Date) => d instanceof Date && d.getTime()", "globalThis.Error"];

const source = [...refused, ...allowed].map((code, i) => `export const probe${i} = () => ${code};\n`).join("");
const outside = "packages/gokio/src/kernel/probe-lint.ts";
const doors = ["host", "platform-node", "platform-web"].map((name) => `packages/gokio/src/kernel/${name}.ts`);

const temp = mkdtempSync(join(tmpdir(), "gokio-lint-"));
try {
  mkdirSync(join(temp, dirname(outside)), { recursive: true });
  mkdirSync(join(temp, "tools"));
  cpSync(join(root, "tools/one-door.grit"), join(temp, "tools/one-door.grit"));
  const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  writeFileSync(join(temp, "biome.json"), JSON.stringify({ ...config, vcs: { enabled: false } }));
  for (const file of [outside, ...doors]) writeFileSync(join(temp, file), source);

  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const args = [biome, "lint", "--reporter=github", "--max-diagnostics=none", "packages"];
  const { stdout } = spawnSync(process.execPath, args, { cwd: temp, encoding: "utf8" });
  const hits = [...stdout.matchAll(/^::error .*?file=([^,]*),line=(\d+)/gm)];

  const wrong = [];
  const lines = new Set(hits.filter(([, file]) => file.endsWith(outside)).map(([, , line]) => Number(line)));
  refused.forEach((code, i) => {
    if (!lines.has(i + 1)) wrong.push(`let through: ${code}`);
  });
  allowed.forEach((code, i) => {
    if (lines.has(refused.length + i + 1)) wrong.push(`refused without need: ${code}`);
  });
  for (const door of doors) if (hits.some(([, file]) => file.endsWith(door))) wrong.push(`refused in ${door}`);

  for (const line of wrong) console.error(`lint door: ${line}`);
  if (wrong.length > 0) {
    process.exitCode = 1;
  } else {
    console.log(`lint door: ${refused.length} ways around the host refused, and open in the host alone`);
  }
} finally {
  rmSync(temp, { recursive: true, force: true });
}
