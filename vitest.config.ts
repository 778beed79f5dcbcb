import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`./packages/gokio/src/${path}`, import.meta.url));

/** The tests run against the sources, not against dist. Exact names only, so that a subpath never becomes `index.ts/x`. */
const shared = {
  resolve: {
    alias: [
      { find: /^gokio$/, replacement: source("index.ts") },
      { find: /^gokio\/(diagnostics|testing|threads|actors)$/, replacement: source("$1/index.ts") },
      { find: /^#platform$/, replacement: source("kernel/platform-node.ts") },
      { find: /^#testing-platform$/, replacement: source("testing/platform-node.ts") },
    ],
  },
  // Node 20 has no `using`: lower it as the published build does.
  oxc: { target: "es2022" as const },
};

const perFile = {
  // Forks, not threads: every test file has a process of its own, with a real `process.exitCode`, signals and heap.
  pool: "forks" as const,
  execArgv: ["--expose-gc"],
  testTimeout: 20_000,
  hookTimeout: 20_000,
  // After each test nothing may be left: no task, no timer, no wait, no unhandled rejection.
  setupFiles: [fileURLToPath(new URL("./packages/gokio/test/support/setup.ts", import.meta.url))],
};

export default defineConfig({
  test: {
    // The process that hands out the files is idle while they run.
    maxWorkers: "100%",
    // Failing on a rejection that nobody handled is part of what the suite asserts.
    dangerouslyIgnoreUnhandledErrors: false,
    reporters: process.env["CI"] ? ["default", ["json", { outputFile: ".cache/tests.json" }]] : ["default"],
    projects: [
      { ...shared, test: { ...perFile, name: "gokio", include: ["packages/gokio/test/**/*.test.ts"] } },
      { ...shared, test: { ...perFile, name: "examples", include: ["examples/**/*.test.ts"] } },
      // The lab is a program beside gokio: nothing of the kernel is to be checked after its tests.
      { ...shared, test: { ...perFile, setupFiles: [], name: "lab", include: ["lab/test/**/*.test.ts"] } },
    ],
  },
});
