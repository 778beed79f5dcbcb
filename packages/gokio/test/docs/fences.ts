/**
 * Finds the examples of the documentation: every fence marked `ts` in a doc comment of the sources, in the READMEs and in docs/.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../../", import.meta.url));

export interface Example {
  /** Where it stands: `packages/gokio/src/task/spawn.ts:24`. */
  readonly place: string;
  readonly file: string;
  /** The line of its first line of code. */
  readonly line: number;
  readonly code: string;
}

export function findExamples(): Example[] {
  const sources = filesBelow("packages/gokio/src", ".ts").flatMap((file) => inComments(file));
  const inPages = pages().flatMap((file) => inPage(file));
  return [...sources, ...inPages];
}

/** The pages of the documentation. */
export function pages(): string[] {
  return ["README.md", "packages/gokio/README.md", ...filesBelow("docs", ".md")];
}

function filesBelow(folder: string, extension: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return files.sort();
}

function inComments(file: string): Example[] {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  let inside = false;
  const comments = lines.map((line) => {
    if (/^\s*\/\*\*/.test(line)) inside = true;
    const text = inside ? line.replace(/^\s*\/?\*+\/? ?/, "") : "";
    if (line.includes("*/")) inside = false;
    return text;
  });
  return fencesIn(file, comments);
}

function inPage(file: string): Example[] {
  const path = join(root, file);
  return existsSync(path) ? fencesIn(file, readFileSync(path, "utf8").split("\n")) : [];
}

function fencesIn(file: string, lines: readonly string[]): Example[] {
  const examples: Example[] = [];
  let start = -1;
  for (const [i, line] of lines.entries()) {
    if (start < 0) {
      if (line.trimEnd() === "```ts") start = i + 1;
    } else if (line.trimEnd() === "```") {
      examples.push({ place: `${file}:${start + 1}`, file, line: start + 1, code: lines.slice(start, i).join("\n") });
      start = -1;
    }
  }
  return examples;
}
