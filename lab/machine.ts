/** Where and of what something was measured. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import process from "node:process";

/** A line of the machine, the versions and the commit. */
export function provenance(): string {
  const cores = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GB`;
  const machine = `${cores.length} × ${cores[0]?.model.trim() ?? "an unknown processor"}, ${memory}, ${process.platform}`;
  return `${machine}; Node ${process.versions.node}, V8 ${process.versions.v8}; gokio ${version()}, ${commit()}`;
}

function version(): string {
  const manifest = new URL("../../packages/gokio/package.json", import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

function commit(): string {
  try {
    const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).trim();
    const changed = git("status", "--porcelain") === "" ? "" : ", with changes";
    return `commit ${git("rev-parse", "--short=10", "HEAD")}${changed}`;
  } catch {
    return "no commit";
  }
}
