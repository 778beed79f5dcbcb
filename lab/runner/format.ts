/**
 * What a run leaves: who ran what, where, and every sample.
 *
 * While it goes on, it is a journal: a line of JSON for the run, then a line for each sample. A results file is the same in
 * one document.
 *
 * @module
 */
import type { Params, Point, Values } from "../workloads/workload.ts";

export const FORMAT = "gokio lab results";
/** Raised whenever a reader of the old would misread the new. */
export const VERSION = 1;

/** A workload with its numbers. */
export interface Case extends Point {
  /** Names it, in words without meaning to the reader of the report. */
  readonly key: string;
  readonly workload: string;
  /** Whether it is one of the bars; and, if it is on a curve of growth, where. */
  readonly main: boolean;
  readonly n?: number;
}

export type Family = "gokio" | "go" | "tokio" | "js";

export interface Contestant {
  readonly id: string;
  readonly title: string;
  readonly family: Family;
  /** What it ran on: "Go 1.26.4", "Node 24.1.0". */
  readonly version: string;
}

export interface Absent {
  readonly id: string;
  readonly title: string;
  readonly why: string;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory: number;
  readonly os: string;
}

export interface Header {
  readonly format: typeof FORMAT;
  readonly version: number;
  readonly id: string;
  readonly started: string;
  readonly quick: boolean;
  readonly seed: number;
  /** How many samples of each were to be taken. */
  readonly rounds: number;
  readonly machine: Machine;
  /** Of everything that took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
  /** A fingerprint of what was changed since the commit; `null` if nothing was. */
  readonly changes: string | null;
  readonly cases: readonly Case[];
  readonly contestants: readonly Contestant[];
  readonly absent: readonly Absent[];
}

export type Failure = "wrong result" | "bad output" | "crash" | "time-out" | "not started";

export type Outcome =
  | { readonly kind: "ok"; readonly ms: number; readonly values: Values; readonly cdf?: Cdf }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly why: Failure; readonly detail: string };

/** Points of a distribution: how large, and which part is not above that. */
export type Cdf = readonly (readonly [ms: number, share: number])[];

export interface Taken {
  readonly case: string;
  readonly contestant: string;
  readonly round: number;
  readonly at: string;
  readonly outcome: Outcome;
  /** How long it took with its process, in milliseconds. */
  readonly wall: number;
  /** The load average before, and the part of the machine that others had meanwhile, if known. */
  readonly load: number;
  readonly others?: number;
  /** Others had too much of the machine. */
  readonly disturbed: boolean;
}

export interface Results extends Header {
  readonly samples: readonly Taken[];
}

export function keyOf(workload: string, size: number, params: Params): string {
  return [workload, size, ...parameters(params)].join(" ");
}

/** As they are given to a contestant. */
export function parameters(params: Params): string[] {
  return Object.entries(params).map(([name, value]) => `${name}=${value}`);
}

export class FormatError extends Error {
  override readonly name = "FormatError";
}

/** @throws {FormatError} unless it was written by this version of the lab. */
export function checkFormat(value: unknown, name: string): Header {
  const { format, version } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  if (format !== FORMAT) throw new FormatError(`${name} is no results file of the lab`);
  if (version !== VERSION) {
    throw new FormatError(
      `${name} is of format version ${String(version)}, and this lab reads version ${VERSION}: ` +
        "read it with the commit that wrote it, or measure again",
    );
  }
  return value as Header;
}
