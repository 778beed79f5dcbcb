/** Where and of what something was measured. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Machine } from "./runner/format.ts";
import { root } from "./runner/root.ts";

export function machine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? "an unknown processor",
    cores: cores.length,
    memory: totalmem(),
    os: `${process.platform} ${release()}, ${process.arch}`,
  };
}

/** The commit, and a fingerprint of all that is not in it; `null` if nothing is. */
export function commit(): { commit: string; changes: string | null } {
  try {
    const head = git("rev-parse", "HEAD").trim();
    if (git("status", "--porcelain") === "") return { commit: head, changes: null };
    const hash = createHash("sha256").update(git("diff", "HEAD"));
    for (const path of git("ls-files", "--others", "--exclude-standard", "-z").split("\0").filter(Boolean)) {
      hash.update(path).update(readFileSync(join(root, path)));
    }
    return { commit: head, changes: hash.digest("hex").slice(0, 12) };
  } catch {
    return { commit: "unknown", changes: null };
  }
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe", maxBuffer: 2 ** 28 });
}
