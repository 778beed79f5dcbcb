/** A results file is read by the lab that writes such files, and refused by any other. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VERSION } from "../runner/format.ts";
import { Journal, readResults, writeResults } from "../runner/journal.ts";
import { checkUnchanged } from "../runner/run.ts";
import { folder, header, journal, taken } from "./support.ts";

function written(text: string, name = "results.json"): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}

describe("a results file", () => {
  it("holds every sample, one in a line", () => {
    const path = join(folder(), "below/results.json");
    const results = { ...header(), samples: [taken("gokio", 1), taken("go-2", 2)] };
    writeResults(path, results);
    expect(readResults(path)).toEqual(results);
    expect(readFileSync(path, "utf8").match(/^ {4}\{"case"/gm)).toHaveLength(2);
    writeResults(path, { ...results, samples: [] });
    expect(readResults(path).samples).toEqual([]);
  });

  it("is as good as the journal that it was made of", () => {
    const kept = journal();
    kept.add(taken("gokio", 1));
    expect(readResults(kept.path)).toEqual(kept.results);
  });

  it.each([VERSION + 1, VERSION - 1, "1", undefined])("is refused if its version is %s", (version) => {
    const path = written(JSON.stringify({ ...header(), version, samples: [] }));
    expect(() => readResults(path)).toThrow(
      `results.json is of format version ${version}, and this lab reads version 1`,
    );
  });

  it("is refused if it is something else", () => {
    expect(() => readResults(written('{"version":1}'))).toThrow("results.json is no results file of the lab");
    expect(() => readResults(written("null"))).toThrow("is no results file");
    expect(() => readResults(written("<html>"))).toThrow("it is no JSON");
    expect(() => Journal.open(written("", "run.jsonl"))).toThrow("run.jsonl can't be read");
  });
});

describe("going on with a run", () => {
  const run = header({ changes: "abc" });
  const now = { commit: run.commit, changes: run.changes, cpu: run.machine.cpu };

  it("is possible with the same sources on the same machine", () => {
    expect(() => checkUnchanged(run, now)).not.toThrow();
  });

  it("is refused with others, for the samples would not be of the same thing", () => {
    expect(() => checkUnchanged(run, { ...now, commit: "other" })).toThrow("the sources have changed");
    expect(() => checkUnchanged(run, { ...now, changes: null })).toThrow("the sources have changed");
    expect(() => checkUnchanged(run, { ...now, cpu: "another" })).toThrow("of another machine");
  });
});
