/**
 * Makes what the contestants need: programs of their sources, with the toolchains of this machine. What can't be made is said in
 * the report, and those who need it don't take part.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Contestant, Part, Ready } from "./contestants.ts";
import type { Absent } from "./format.ts";
import { installedNode } from "./nodes.ts";
import { runToEnd } from "./process.ts";
import { cache, lab, root } from "./root.ts";

export interface Options {
  /** How long each build may take, in milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (doing: string) => void;
}

interface Made {
  readonly file: string;
  readonly version: string;
}

/** @throws what the signal was aborted with. */
export async function build(
  wanted: readonly Contestant[],
  options: Options,
): Promise<{ ready: Ready[]; absent: Absent[] }> {
  const built = new Map<Part, Made>();
  const reasons = new Map<Part, string>();
  for (const part of new Set(wanted.flatMap(({ needs }) => needs))) {
    options.onProgress?.(`building what ${part === "javascript" ? "runs on Node" : `needs ${part}`}`);
    try {
      built.set(part, await make(part, options));
    } catch (error) {
      options.signal?.throwIfAborted();
      reasons.set(part, error instanceof Error ? error.message : String(error));
    }
  }
  const [ready, absent]: [Ready[], Absent[]] = [[], []];
  for (const contestant of wanted) {
    const { id, title, family, needs } = contestant;
    const lacking = needs.find((part) => reasons.has(part));
    if (lacking) absent.push({ id, title, why: reasons.get(lacking) as string });
    else {
      const { version } = built.get(needs.at(-1) as Part) as Made;
      ready.push({ contestant: { id, title, family, version }, command: contestant.start(built) });
    }
  }
  return { ready, absent };
}

function make(part: Part, options: Options): Promise<Made> {
  if (part === "go") return makeGo(options);
  if (part === "tokio") return makeTokio(options);
  if (part === "javascript") return makeJavaScript(options);
  return installedNode(part.slice("node".length), (file, args) => run("npm", file, args, options));
}

async function makeGo(options: Options): Promise<Made> {
  const [cwd, file] = [join(lab, "rivals/go"), join(cache, "go/contestant")];
  // The machine's own toolchain, never one that it would fetch; and no look at the repository, which git may refuse to another user.
  const env = { GOTOOLCHAIN: "local" };
  const said = await run("Go", "go", ["version"], options, env);
  await run("Go", "go", ["build", "-C", cwd, "-buildvcs=false", "-o", file, "."], options, env);
  return { file, version: `Go ${/go(\d\S+)/.exec(said)?.[1] ?? said}` };
}

async function makeTokio(options: Options): Promise<Made> {
  const [manifest, target] = [join(lab, "rivals/tokio/Cargo.toml"), join(cache, "tokio")];
  const said = await run("Rust", "rustc", ["--version"], options);
  const env = { CARGO_TARGET_DIR: target };
  await run("Rust", "cargo", ["build", "--release", "--locked", "--quiet", "--manifest-path", manifest], options, env);
  const lock = readFileSync(join(lab, "rivals/tokio/Cargo.lock"), "utf8");
  const tokio = /name = "tokio"\nversion = "(.+)"/.exec(lock)?.[1];
  const rust = /^rustc (\S+)/.exec(said)?.[1];
  return { file: join(target, "release/lab-tokio"), version: `Tokio ${tokio}, Rust ${rust}` };
}

async function makeJavaScript(options: Options): Promise<Made> {
  await run("Node", process.execPath, [join(lab, "compile.mjs")], options);
  return { file: cache, version: `Node ${process.versions.node}` };
}

/** Runs a tool to its end, and gives what it printed. */
async function run(
  toolchain: string,
  file: string,
  args: readonly string[],
  { timeout, signal }: Options,
  env: Record<string, string> = {},
): Promise<string> {
  // A build needs to know where its caches and registries are: it gets the whole environment, unlike a sample.
  const whole = { ...(process.env as Record<string, string>), ...env };
  const ended = await runToEnd({ file, args, env: whole }, { timeout, signal });
  if (ended.error) throw new Error(`${toolchain} is not installed here: ${ended.error.message}`);
  if (ended.timedOut)
    throw new Error(`it can't be built within ${Math.round(timeout / 1000)} s; \`npm run lab\` takes the time`);
  if (ended.code !== 0)
    throw new Error(`it can't be built: ${ended.stderr.trim() || `${file} ended with ${ended.code}`}`);
  return ended.stdout.trim();
}

/** Of the packages that take part, the versions that are installed. */
export function packageVersions(): Record<string, string> {
  const { dependencies = {} } = manifest(join(lab, "package.json")) as { dependencies?: Record<string, string> };
  const versions: Record<string, string> = {};
  for (const name of Object.keys(dependencies)) {
    for (const above of [lab, root]) {
      const path = join(above, "node_modules", name, "package.json");
      if (existsSync(path)) versions[name] ??= String(manifest(path)["version"]);
    }
  }
  return { gokio: String(manifest(join(root, "packages/gokio/package.json"))["version"]), ...versions };
}

function manifest(path: string): Record<string, unknown> {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>) : {};
}
