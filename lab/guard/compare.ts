/**
 * What has changed since the baseline, and what to do about it.
 *
 * @module
 */
import type { Case } from "./case.ts";
import { type Figures, type KindName, kinds } from "./figures.ts";

export interface Change {
  readonly name: string;
  readonly what: string;
  /** As it is told. */
  readonly before: string;
  readonly now: string;
  readonly allowed: string;
  readonly verdict: "worse" | "better" | "new" | "gone";
}

type All = Readonly<Record<string, Figures>>;

/** Every figure that is off by more than it may be, in either direction: a gain that is not noted can be lost again unseen. */
export function changes(before: All, now: All): Change[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((name) => changesOf(name, before[name] ?? {}, now[name] ?? {}));
}

function changesOf(name: string, before: Figures, now: Figures): Change[] {
  const found: Change[] = [];
  for (const [kind, { title, digits, allowed }] of Object.entries(kinds)) {
    const [was, is] = [before[kind as KindName], now[kind as KindName]];
    const told = (value: number | undefined): string => value?.toFixed(digits) ?? "–";
    const most = was === undefined ? undefined : allowed(was);
    const verdict = verdictOn(was, is, most);
    if (verdict === undefined) continue;
    const bound = most === undefined ? "–" : `± ${most.toFixed(digits)}`;
    found.push({ name, what: title, before: told(was), now: told(is), allowed: bound, verdict });
  }
  return found;
}

function verdictOn(was: number | undefined, is: number | undefined, most = 0): Change["verdict"] | undefined {
  if (was === undefined) return is === undefined ? undefined : "new";
  if (is === undefined) return "gone";
  // The figures are rounded decimals: a difference of 0.01 between them may be a little more.
  if (Math.abs(is - was) <= most + 1e-9) return undefined;
  return is > was ? "worse" : "better";
}

/** The cases in which code is deoptimised run after run, and that have no reason for it. */
export function unexplained(cases: readonly Case[], measured: All): string[] {
  const explained = (each: Case): boolean => each.kind === "repeated" && each.deoptimised !== undefined;
  return cases.flatMap((each) => (measured[each.name]?.deopts && !explained(each) ? [each.name] : []));
}
