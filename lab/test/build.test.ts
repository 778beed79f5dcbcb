/** A toolchain that is not there costs its contestants, and nothing else. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { build } from "../runner/build.ts";
import { contestants } from "../runner/contestants.ts";
import { isAskedFor, parseOptions } from "../runner/options.ts";
import { folder } from "./support.ts";

const path = process.env["PATH"];

afterEach(() => {
  process.env["PATH"] = path;
});

describe("a missing toolchain", () => {
  it("is a reason why somebody is absent, not an error", async () => {
    process.env["PATH"] = "/nowhere";
    const rivals = contestants().filter(({ family }) => family === "go" || family === "tokio");
    const { ready, absent } = await build(rivals, { timeout: 10_000 });
    expect(ready).toEqual([]);
    expect(absent.map(({ id }) => id)).toEqual(["go-1", "go-2", "tokio-1", "tokio-2"]);
    for (const { why } of absent) expect(why).toMatch(/^(Go|Rust) is not installed here/);
  });
});

describe("Go", () => {
  it("is the one of this machine: it fetches no other, and asks no repository", async () => {
    const bin = folder();
    const go = [
      "#!/bin/sh",
      '[ "$GOTOOLCHAIN" = local ] || exit 1',
      'case "$*" in version) echo "go version go1.99.1 linux/amd64";; *-buildvcs=false*) ;; *) exit 2;; esac',
    ];
    writeFileSync(join(bin, "go"), go.join("\n"), { mode: 0o755 });
    process.env["PATH"] = `${bin}:${path}`;
    const { ready, absent } = await build(
      contestants().filter(({ family }) => family === "go"),
      { timeout: 10_000 },
    );
    expect(absent).toEqual([]);
    expect(ready.map(({ contestant }) => contestant.version)).toEqual(["Go 1.99.1", "Go 1.99.1"]);
  });
});

describe("the command line", () => {
  it("has the names of the contestants, or the beginnings of some", () => {
    const ids = (...only: string[]): string[] =>
      contestants(["26"]).flatMap(({ id }) => (isAskedFor(id, only) ? [id] : []));
    expect(ids("go")).toEqual(["go-1", "go-2"]);
    expect(ids("gokio")).toEqual(["gokio", "gokio-async", "gokio@26", "gokio-async@26"]);
    expect(ids("tokio-2", "effect")).toEqual(["tokio-2", "effect"]);
    expect(ids("nobody")).toEqual([]);
  });

  it("takes fewer samples when it is to be quick", () => {
    expect(parseOptions([])).toMatchObject({ samples: 7, timeout: 300, filters: [], resume: undefined });
    expect(parseOptions(["--headline", "--quick"])).toMatchObject({ samples: 3, timeout: 60, filters: ["headline"] });
    expect(parseOptions(["--quick", "--samples", "9"])).toMatchObject({ samples: 9 });
    expect(parseOptions(["--resume"])).toMatchObject({ resume: "", filters: [] });
    expect(parseOptions(["--resume", "2026-01-02T03-04-05"])).toMatchObject({ resume: "2026-01-02T03-04-05" });
  });

  it("is refused if it makes no sense", () => {
    expect(() => parseOptions(["--samples", "0"])).toThrow("--samples is a whole number of at least 1, not 0");
    expect(() => parseOptions(["--timeout", "soon"])).toThrow("--timeout");
    expect(() => parseOptions(["--fast"])).toThrow("--fast");
  });
});
