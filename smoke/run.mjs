/**
 * Packs the package, installs it into an empty project outside the repository, and there compiles a user's program
 * against it and runs smoke.mjs on every runtime that the package supports.
 *
 *   node smoke/run.mjs [--tarball FILE] [--only NAME[,NAME]] [--keep]
 */
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { emptyProject, nodeIn } from "../tools/nodes.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "..");
const { values: options } = parseArgs({
  options: { tarball: { type: "string" }, only: { type: "string" }, keep: { type: "boolean" } },
});

const temp = mkdtempSync(join(tmpdir(), "gokio-smoke-"));
const project = join(temp, "project");
const beside = join(temp, "runtimes");
const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

const modules = join(beside, "node_modules");
const runtimes = [
  { name: "node20", command: process.execPath, args: [] },
  ...[22, 24, 26].map((major) => ({ ...nodeIn(beside, major), args: [] })),
  {
    name: "bun",
    as: "@oven/bun-linux-x64",
    command: join(modules, "@oven/bun-linux-x64/bin/bun"),
    args: ["run", "--no-install"],
  },
  {
    name: "deno",
    as: "@deno/linux-x64-glibc",
    command: join(modules, "@deno/linux-x64-glibc/deno"),
    args: ["run", "--allow-all", "--no-prompt", "--no-remote", "--node-modules-dir=manual"],
  },
];

const only = options.only?.split(",");
const wanted = (name) => only === undefined || only.includes(name);

function npm(args, cwd) {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function pack() {
  if (options.tarball !== undefined) return resolve(options.tarball);
  npm(["run", "build"], root);
  const [{ filename }] = JSON.parse(npm(["pack", "--json", "--pack-destination", temp], join(root, "packages/gokio")));
  return join(temp, filename);
}

function projectWith(folder, packages) {
  const install = emptyProject(folder);
  if (packages.length > 0) npm(install(packages), folder);
}

/** Ends `command` after half a minute: a program that doesn't end by itself left a timer or a handle behind. */
function run(command, args, env = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const timer = setTimeout(() => {
      output += "\n(still alive after 30 s: killed)";
      child.kill("SIGKILL");
    }, 30_000);
    child.on("error", (error) => {
      clearTimeout(timer);
      done({ code: -1, output: `${output}${error.message}` });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      done({ code, output });
    });
  });
}

async function onRuntime({ command, args }) {
  const { code, output } = await run(command, [...args, "smoke.mjs"], { DENO_NO_UPDATE_CHECK: "1", NODE_OPTIONS: "" });
  const line = /^smoke ok .*$/m.exec(output)?.[0];
  if (code !== 0 || line === undefined) throw new Error(`exit code ${code}\n${output}`);
  return line;
}

async function inChromium() {
  const [{ build }, { chromium }] = await Promise.all([import("esbuild"), import("playwright-core")]);
  const bundle = await build({
    entryPoints: [join(project, "smoke.mjs")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
  });
  const page =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/smoke.js"></script>';
  const server = createServer((request, response) => {
    const script = request.url === "/smoke.js";
    response.setHeader("content-type", script ? "text/javascript" : "text/html");
    response.end(script ? bundle.outputFiles[0].text : page);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  let browser;
  try {
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    const tab = await browser.newPage();
    return await new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error("nothing printed within 60 s")), 60_000);
      const settle = (act) => {
        clearTimeout(timer);
        act();
      };
      tab.on("console", (message) => {
        const text = message.text();
        if (text.startsWith("smoke ok ")) settle(() => done(text));
        else if (message.type() === "error") settle(() => fail(new Error(text)));
      });
      tab.on("pageerror", (error) => settle(() => fail(error)));
      tab.goto(`http://127.0.0.1:${server.address().port}/`).catch((error) => settle(() => fail(error)));
    });
  } finally {
    await browser?.close();
    server.close();
    server.closeAllConnections();
  }
}

/** The declarations have to stand in the browser's world and in the server's, each without the other's types. */
const worlds = {
  "types-dom": { lib: ["ES2022", "DOM"], types: [], module: "NodeNext" },
  "types-node": { lib: ["ES2022"], types: ["node"], module: "NodeNext" },
  "types-bundler": { lib: ["ES2022", "DOM"], types: [], module: "Preserve", moduleResolution: "Bundler" },
};

async function compile(name) {
  const config = `tsconfig.${name}.json`;
  const compilerOptions = {
    ...worlds[name],
    target: "ES2022",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(join(project, config), JSON.stringify({ compilerOptions, files: ["consumer.ts", "misuse.ts"] }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { code, output } = await run(process.execPath, [tsc, "-p", config]);
  if (code !== 0) throw new Error(`tsc refused the user's program\n${output}`);
  return "compiles, and refuses the misuse";
}

let failures = 0;
async function step(name, work) {
  if (!wanted(name)) return;
  const start = Date.now();
  try {
    const line = await work();
    console.log(`  ok    ${name.padEnd(14)} ${line} (${Date.now() - start} ms)`);
  } catch (error) {
    failures++;
    console.log(`  FAIL  ${name.padEnd(14)} ${error.message.trimEnd().replaceAll("\n", "\n        ")}`);
  }
}

try {
  const tarball = pack();
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  projectWith(project, [tarball, `@types/node@${manifest.devDependencies["@types/node"]}`]);
  const needed = runtimes.filter(({ name, as }) => as !== undefined && wanted(name));
  projectWith(
    beside,
    needed.map(({ as }) => as),
  );
  for (const file of ["smoke.mjs", "consumer.ts", "misuse.ts"]) copyFileSync(join(here, file), join(project, file));

  for (const name of Object.keys(worlds)) await step(name, () => compile(name));
  for (const runtime of runtimes) await step(runtime.name, () => onRuntime(runtime));
  await step("chromium", inChromium);
} finally {
  if (options.keep) console.log(`kept: ${temp}`);
  else rmSync(temp, { recursive: true, force: true });
}
console.log(failures === 0 ? "smoke: every step ok" : `smoke: ${failures} steps failed`);
process.exitCode = failures === 0 ? 0 : 1;
