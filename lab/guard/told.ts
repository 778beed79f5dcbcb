/**
 * The changes as a table, and what to do about them.
 *
 * @module
 */
import type { Change } from "./compare.ts";

const TITLES = ["what", "figure", "before", "now", "allowed", ""];

export function tableOf(changes: readonly Change[]): string {
  const rows = changes.map(({ name, what, before, now, allowed, verdict }) => [
    name,
    what,
    before,
    now,
    allowed,
    verdict,
  ]);
  return aligned([TITLES, ...rows]);
}

export function adviceOn(changes: readonly Change[]): string {
  const has = (verdict: Change["verdict"]): boolean => changes.some((change) => change.verdict === verdict);
  const lines: string[] = [];
  if (has("worse")) {
    lines.push(
      "Worse: find out what of the change costs this, and take it back. If it is worth its price, note the new figures,",
      "       and say in the commit what is bought for it.",
    );
  }
  if (has("better")) lines.push("Better: note the new figures, so that the gain is kept.");
  if (has("new") || has("gone")) lines.push("New or gone: note the figures of what is measured now.");
  return [...lines, "", "To note them: npm run guard -- --update"].join("\n");
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = TITLES.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const numbers = new Set([2, 3, 4]);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell[numbers.has(column) ? "padStart" : "padEnd"](widths[column] as number))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}
