/**
 * How busy the machine is with other things than the sample.
 *
 * # Algorithm
 *
 * The kernel counts, since it started, the time that all processors worked, and, for each process, the time of the process
 * and of its children that have ended. Between two readings, what all processors did, less what the sample and the runner
 * did, is what others did. It is counted in hundredths of a second.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";

export interface Reading {
  /** Milliseconds that all processors worked, and that they worked or idled. */
  readonly busy: number;
  readonly total: number;
  /** Of these, for this process and its ended children; `undefined` where the system does not tell. */
  readonly ours: number | undefined;
  /** How many processes wanted to run, on average over the last minute. */
  readonly average: number;
}

const TICK = 10;
/** A sample is marked if others had more than this part of the machine, */
const TOLERANCE = 0.1;
/** and more than what rounding may amount to, in milliseconds. */
const ROUNDING = 30;

export function readLoad(): Reading {
  const average = loadavg()[0] as number;
  try {
    const ours = oursOf(readFileSync("/proc/self/stat", "utf8"));
    return { ...machineOf(readFileSync("/proc/stat", "utf8")), ours, average };
  } catch {
    return { ...withoutProc(), ours: undefined, average };
  }
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already. */
export function machineOf(stat: string): Pick<Reading, "busy" | "total"> {
  const fields = /^cpu +(.+)$/m.exec(stat)?.[1]?.split(" ").map(Number) ?? [];
  const [user, nice, system, idle, iowait, irq, softirq, steal] = fields as [number, ...number[]];
  const sum = (values: (number | undefined)[]): number => values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const busy = sum([user, nice, system, irq, softirq, steal]);
  return { busy: busy * TICK, total: (busy + sum([idle, iowait])) * TICK };
}

/** The 14th to 17th field of /proc/self/stat: user and system time of the process, and of its ended children. */
export function oursOf(stat: string): number {
  // The name of the program, in brackets, may have blanks and brackets of its own.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * TICK;
}

function withoutProc(): Pick<Reading, "busy" | "total"> {
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq;
    total += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { busy, total };
}

/** The part of the machine, from 0 to 1, that others had between two readings; `undefined` where it can't be known. */
export function others(before: Reading, after: Reading): number | undefined {
  if (before.ours === undefined || after.ours === undefined) return undefined;
  const total = after.total - before.total;
  if (total <= 0) return 0;
  return Math.max(0, after.busy - before.busy - (after.ours - before.ours)) / total;
}

/** Whether others had so much of it that the sample can't be trusted. */
export function isDisturbed(before: Reading, after: Reading, cores = cpus().length): boolean {
  const part = others(before, after);
  // All that is left is whether more wanted to run than there is room for.
  if (part === undefined) return before.average > cores;
  return part > TOLERANCE && part * (after.total - before.total) > ROUNDING;
}

/** For the report: by how much a sample may be disturbed before it is marked. */
export const tolerance = `${TOLERANCE * 100} %`;
