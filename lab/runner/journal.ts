/**
 * What is on disk of a run while it goes on: each sample is there as soon as it is taken.
 *
 * # Invariant
 *
 * Every line but the last is whole. A run that was killed may leave half a line at the end; who opens the journal again cuts
 * that off before anything is added.
 *
 * @module
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { checkFormat, FormatError, type Header, type Results, type Taken } from "./format.ts";

export class Journal {
  readonly path: string;
  readonly header: Header;
  readonly #samples: Taken[];

  private constructor(path: string, header: Header, samples: Taken[]) {
    this.path = path;
    this.header = header;
    this.#samples = samples;
  }

  static create(folder: string, header: Header): Journal {
    const path = join(folder, `${header.id}.jsonl`);
    replace(path, `${JSON.stringify(header)}\n`);
    return new Journal(path, header, []);
  }

  /** @throws {FormatError} unless it is a journal of this version. */
  static open(path: string): Journal {
    const { header, samples } = parse(readFileSync(path, "utf8"), basename(path));
    replace(path, [header, ...samples].map((line) => `${JSON.stringify(line)}\n`).join(""));
    return new Journal(path, header, samples);
  }

  get results(): Results {
    return { ...this.header, samples: this.#samples };
  }

  get samples(): readonly Taken[] {
    return this.#samples;
  }

  add(sample: Taken): void {
    appendFileSync(this.path, `${JSON.stringify(sample)}\n`);
    this.#samples.push(sample);
  }
}

/** The newest journal of a folder; or that of the run with this id. */
export function findJournal(folder: string, id?: string): string | undefined {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => (id ? name === `${id}.jsonl` : name.endsWith(".jsonl")));
  } catch {
    // No folder: nothing has run yet.
  }
  const paths = names.map((name) => join(folder, name));
  return paths.sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs).at(-1);
}

/** A results file, or a journal. */
export function readResults(path: string): Results {
  const [name, text] = [basename(path), readFileSync(path, "utf8")];
  if (path.endsWith(".jsonl")) {
    const { header, samples } = parse(text, name);
    return { ...header, samples };
  }
  return checkFormat(parsed(text, name), name) as Results;
}

/** A document with a line for each sample, so that versions of it can be compared. */
export function writeResults(path: string, { samples, ...header }: Results): void {
  const open = JSON.stringify(header, null, 2).slice(0, -2);
  const lines = samples.map((sample) => `\n    ${JSON.stringify(sample)}`);
  replace(path, `${open},\n  "samples": [${lines.join(",")}\n  ]\n}\n`);
}

/** Whoever reads meanwhile, or after a crash, finds the old or the new, and never half of it. */
export function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.new`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

function parse(text: string, name: string): { header: Header; samples: Taken[] } {
  const lines = text.split("\n");
  // What follows the last line break is nothing, or the half of a line.
  lines.pop();
  const [first = "", ...rest] = lines;
  const header = checkFormat(parsed(first, name), name);
  return { header, samples: rest.map((line) => parsed(line, name) as Taken) };
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormatError(`${name} can't be read: it is no JSON`);
  }
}
