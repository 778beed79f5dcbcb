/**
 * Explores larger programs of the library's primitives than `npm test` has time for.
 *
 *     node tools/explore.mjs [name…]
 *
 * Every interleaving within the bound of each is run, and the counts are printed; one that fails, or doesn't complete, makes the command fail.
 */
import { spawnSync } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const names = process.argv.slice(2);
const only =
  names.length === 0 ? [] : ["-t", names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")];
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "--project", "gokio", "packages/gokio/test/testing/explore-library.test.ts", ...only],
  { cwd: root, stdio: "inherit", env: { ...process.env, GOKIO_EXPLORE: "large" } },
);
process.exitCode = status ?? 1;
