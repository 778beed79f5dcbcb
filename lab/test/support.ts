/** Plans, journals and contestants for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import { type Case, FORMAT, type Header, keyOf, type Taken, VERSION } from "../runner/format.ts";
import { Journal } from "../runner/journal.ts";
import type { Command } from "../runner/process.ts";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder, which is gone after the test. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "lab-test-"));
  folders.push(made);
  return made;
}

/** A program that behaves as it is told; if `note` is given, it appends a line to that file each time it is started. */
export function fake(behaviour: string, note = "-"): Command {
  const program = fileURLToPath(new URL("./contestant.mjs", import.meta.url));
  return { file: process.execPath, args: [program, behaviour, note] };
}

export function caseOf(workload: string, size = 100): Case {
  return { key: keyOf(workload, size, {}), workload, size, params: {}, main: true };
}

export function header(more: Partial<Header> = {}): Header {
  return {
    ...{ format: FORMAT, version: VERSION, id: "2026-01-02T03-04-05", started: "2026-01-02T03:04:05.000Z" },
    ...{ quick: true, seed: 1, rounds: 3, commit: "0123456789abcdef", changes: null },
    machine: { cpu: "a processor", cores: 2, memory: 2 ** 34, os: "an operating system" },
    versions: { Node: "20.0.0" },
    ...{ cases: [caseOf("rendezvous")], contestants: [], absent: [] },
    ...more,
  };
}

export function journal(more: Partial<Header> = {}): Journal {
  return Journal.create(folder(), header(more));
}

/** A sample that went well. */
export function taken(contestant: string, ms: number, more: Partial<Taken> = {}): Taken {
  return {
    ...{ case: "rendezvous 100", contestant, round: 1, at: "2026-01-02T03:04:05.000Z" },
    outcome: { kind: "ok", ms, values: {} },
    ...{ wall: 50, load: 0.1, others: 0.01, disturbed: false },
    ...more,
  };
}
