/** How numbers and conditions are said, in the terminal as on the page. */
import { grouped, short } from "../print.ts";
import type { Case } from "../runner/format.ts";
import type { Estimate } from "../runner/statistics.ts";
import type { Row, Summary, Table } from "./summary.ts";

/** "1.2 – 1.4". */
export function interval({ low, high }: Estimate): string {
  return low === high ? number(low) : `${number(low)} – ${number(high)}`;
}

export function number(value: number): string {
  return value < 0 ? `−${short(-value)}` : short(value);
}

export function times({ value }: Estimate): string {
  return `${number(value)} ×`;
}

/** What sets a case apart from the others of its workload. */
export function titleOf({ workload, case: { params } }: Pick<Table, "workload" | "case">): string {
  return workload.params ? `${workload.name ?? workload.title}, ${conditions(params)}` : workload.title;
}

export function conditions(params: Case["params"]): string {
  const { inflight, ...rest } = params;
  if (inflight !== undefined) return `${grouped(inflight)} in flight`;
  return Object.entries(rest)
    .map(([name, value]) => `${name} ${grouped(value)}`)
    .join(", ");
}

/** What the reader must know of a row besides its numbers. */
export function remarks({ missing, failures, disturbed, counted }: Row, rounds: number): string[] {
  const notes: string[] = [];
  const [first] = failures;
  if (first) notes.push(`${first.why} in ${failures.length} of ${failures.length + counted}: ${first.detail}`);
  if (disturbed > 0) notes.push(`${disturbed} disturbed`);
  if (!missing && counted > 0 && counted + failures.length < rounds) notes.push(`${counted} of ${rounds} samples`);
  if (!missing && counted + failures.length === 0) notes.push("not measured");
  return notes;
}

/** What the reader must know of the run before looking at any number. */
export function warnings({ results, disturbed, failed, isComplete }: Summary): string[] {
  const { samples, quick, changes, rounds } = results;
  const notes: string[] = [];
  const part = `${grouped(disturbed)} of ${grouped(samples.length)} samples`;
  if (disturbed > 0.2 * samples.length) {
    notes.push(`The machine was busy with other things during ${part}: compare only what was measured side by side.`);
  } else if (disturbed > 0) {
    notes.push(`The machine was busy with other things during ${part}; they are marked.`);
  }
  if (failed > 0) notes.push(`${failed === 1 ? "1 sample" : `${failed} samples`} failed; no number was made of them.`);
  if (!isComplete) notes.push("Not all samples were taken.");
  if (quick) notes.push(`A quick run: ${rounds} samples of each, most of them of smaller sizes.`);
  if (changes !== null) notes.push("The sources had changes that are in no commit.");
  return notes;
}
