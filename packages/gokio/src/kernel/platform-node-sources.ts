/**
 * Where code comes from, by the source maps that lie beside it: for stacks that are described when somebody looks.
 *
 * Node maps stacks itself only when it is started with `--enable-source-maps`; what it has mapped names no file with a map, and stays as it is.
 *
 * @module
 */
import { readFileSync } from "node:fs";
// Not by name: where there is no such class, the module has to load all the same.
import * as modules from "node:module";
import { relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Position } from "./platform.ts";

interface KnownMap {
  readonly map: modules.SourceMap;
  /** What its sources are relative to. */
  readonly base: URL;
}

type Payload = ConstructorParameters<typeof modules.SourceMap>[0];

const known = new Map<string, KnownMap | undefined>();

/** The position in the sources that became this one; this one, if that is not known. Files below the working directory are named from there. */
export function originalPosition(url: string, line: number, column: number): Position {
  const file = url.startsWith("/") ? `file://${encodeURI(url)}` : url;
  if (!file.startsWith("file:")) return { file, line, column };
  if (!known.has(file)) known.set(file, mapOf(file));
  const found = known.get(file);
  const entry = found?.map.findEntry(line - 1, column - 1);
  if (found === undefined || entry === undefined || !("originalSource" in entry))
    return { file: short(file), line, column };
  const source = new URL(entry.originalSource, found.base).href;
  return { file: short(source), line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** The source map of a file; `undefined` if it has none that can be read. */
function mapOf(file: string): KnownMap | undefined {
  try {
    const text = readFileSync(new URL(file), "utf8");
    const link = text
      .slice(text.lastIndexOf("\n//# sourceMappingURL=") + 1)
      .match(/^\/\/# sourceMappingURL=(\S+)\s*$/)?.[1];
    if (link === undefined) return undefined;
    const url = new URL(link, file);
    const payload = JSON.parse(url.protocol === "data:" ? textOf(link) : readFileSync(url, "utf8")) as Payload;
    const base = new URL(
      payload.sourceRoot ? payload.sourceRoot.replace(/\/?$/, "/") : "",
      url.protocol === "data:" ? file : url,
    );
    return { map: new modules.SourceMap(payload), base };
  } catch {
    return undefined;
  }
}

/** What a data: URL holds. */
function textOf(url: string): string {
  const comma = url.indexOf(",");
  const content = url.slice(comma + 1);
  return url.slice(0, comma).endsWith(";base64")
    ? Buffer.from(content, "base64").toString()
    : decodeURIComponent(content);
}

function short(url: string): string {
  if (!url.startsWith("file:")) return url;
  const path = fileURLToPath(url);
  const below = relative(process.cwd(), path);
  return below.startsWith("..") ? path : below;
}
