/**
 * Has each case measured in a process of its own: what the compiler has seen of one is nothing to the next.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { runToEnd } from "../runner/process.ts";
import type { Case } from "./case.ts";
import { type Figures, rounded } from "./figures.ts";
import { flags } from "./measure.ts";

export interface Measuring {
  /** What compile.mjs made of `child.ts`, or a program like it. */
  readonly program: string;
  readonly cases: readonly Case[];
  /** The runtime; by default this one. */
  readonly node?: string;
  readonly onProgress?: (part: number, doing: string) => void;
}

/** Generous: what matters is that a guard which hangs says so. */
const TIMEOUT = 120_000;

/** The figures of each case, by name. */
export async function measureAll({ program, cases, node, onProgress }: Measuring): Promise<Record<string, Figures>> {
  const folder = mkdtempSync(join(tmpdir(), "gokio-guard-"));
  const queue = cases.entries();
  const measured = new Map<string, Figures>();
  async function work(): Promise<void> {
    for (const [i, subject] of queue) {
      onProgress?.(measured.size / cases.length, subject.name);
      measured.set(subject.name, await measureOne(node ?? process.execPath, program, join(folder, `${i}`), subject));
    }
  }
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, work));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // In the order of the cases, not in the one they were done in.
  return Object.fromEntries(cases.map(({ name }) => [name, rounded(measured.get(name) as Figures)]));
}

async function measureOne(file: string, program: string, out: string, subject: Case): Promise<Figures> {
  const trace = `${out}.trace`;
  const args = [...flags(subject, trace), program, subject.name, out, trace];
  const { code, signal, error, timedOut, stderr } = await runToEnd({ file, args }, { timeout: TIMEOUT });
  if (code === 0) return JSON.parse(readFileSync(out, "utf8")) as Figures;
  const hung = timedOut ? `it hung for ${TIMEOUT / 1000} s` : undefined;
  throw new Error(`${subject.name}: ${error?.message ?? hung ?? `it ended with ${signal ?? code}\n${stderr}`}`);
}
