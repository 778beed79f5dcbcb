/**
 * Every public name has a row in docs/parity.md, with its source and its tests; and no page leads to a file that is not there.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { pages, root } from "./fences.ts";
import { compile, publicModules, publicNames } from "./public-names.ts";

interface Row {
  readonly names: readonly string[];
  /** The names, and whatever else of ours the row speaks of: methods, properties. */
  readonly words: readonly string[];
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

const parity = "docs/parity.md";
const tests = "packages/gokio/test/";

/** The files of the repository that a page, or a part of it, leads to. */
function linksIn(text: string, page: string): string[] {
  const files = matches(text, /\]\(([^)\s]+)\)/g).filter((target) => !/^(https?:|#)/.test(target));
  return files.map((file) => relative(root, join(root, dirname(page), file.replace(/#.*$/, ""))));
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found]) => found as string);
}

/** The rows about names: Go, Tokio, gokio, source, tests. */
function rowsOf(text: string): Row[] {
  const lines = text.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| Go |"));
  const cells = lines.map((line) => line.replaceAll("\\|", "").slice(1, -1).split("|"));
  return cells
    .filter(({ length }) => length === 5)
    .map(([, , ours, sources, tested]) => ({
      names: matches(ours as string, /`(\w+)`/g),
      words: matches(ours as string, /(\w+)(?: }|\(\))?`/g),
      sources: linksIn(sources as string, parity),
      tests: linksIn(tested as string, parity),
    }));
}

const page = readFileSync(join(root, parity), "utf8");
const rows = rowsOf(page);
const names = publicNames(compile([...publicModules.values()]));

describe(parity, () => {
  test("has every public name once, and no other", () => {
    expect(rows.flatMap((row) => row.names).sort()).toEqual(names.map(({ name }) => name).sort());
  });

  test.each(names)("$name is found where its row says", ({ name, symbol }) => {
    const row = rows.find((each) => each.names.includes(name));
    const file = relative(root, symbol.declarations?.[0]?.getSourceFile().fileName as string);
    expect(row?.sources).toContain(file);
  });

  test.each(rows)("the tests of $names are tests, and use one of them", ({ words, tests: files }) => {
    expect(files).not.toEqual([]);
    const isUsed = new RegExp(`\\b(${words.join("|")})\\b`, "i");
    for (const file of files) {
      expect(file).toMatch(/\.test(-d)?\.ts$/);
      expect(file.startsWith(tests), file).toBe(true);
      expect(readFileSync(join(root, file), "utf8"), file).toMatch(isUsed);
    }
  });
});

test.each(pages())("%s leads to files that are there", (file) => {
  const links = linksIn(readFileSync(join(root, file), "utf8"), file);
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
});
