/**
 * What the lab prints: tables, headings and a line of progress; plain where the output is no terminal.
 *
 * @module
 */
import process from "node:process";
import { styleText } from "node:util";

const onTerminal = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;

type Style = "bold" | "dim" | "green" | "red" | "cyan";

export function styled(style: Style, text: string): string {
  return onTerminal ? styleText(style, text) : text;
}

export function heading(text: string): void {
  console.log(`\n${styled("bold", text)}`);
}

/** A whole number with a separator at the thousands. */
export function grouped(n: number): string {
  return Math.round(n).toLocaleString("en-US");
}

/** Three significant digits, never in scientific notation. */
export function short(n: number): string {
  if (n >= 1000) return grouped(n);
  return n.toFixed(n >= 100 ? 0 : n >= 10 ? 1 : n >= 0.1 ? 2 : 3);
}

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Prints rows under their titles. Cells may be styled: the escapes take no room. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const widths = columns.map((column, i) => Math.max(...[column.title, ...rows.map((row) => row[i] ?? "")].map(width)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cell, widths[i] as number, columns[i]?.align ?? "left"))
      .join("  ")
      .trimEnd();
  console.log(styled("dim", line(columns.map((column) => column.title))));
  console.log(styled("dim", widths.map((n) => "─".repeat(n)).join("  ")));
  for (const row of rows) console.log(line(row));
}

function pad(text: string, size: number, align: "left" | "right"): string {
  const room = " ".repeat(Math.max(0, size - width(text)));
  return align === "right" ? room + text : text + room;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what it takes out.
const ESCAPES = /\u001b\[\d+m/g;

function width(text: string): number {
  return text.replaceAll(ESCAPES, "").length;
}

/** How far the work is. */
export interface Step {
  /** From 0 to 1. */
  readonly part: number;
  readonly doing: string;
  /** How long the rest will take, in milliseconds, if that is known. */
  readonly left?: number;
}

/** One line that is rewritten as the work goes on; without a terminal, a line at each tenth of the way. */
export class Progress {
  readonly #label: string;
  readonly #started = performance.now();
  #tenths = -1;

  constructor(label: string) {
    this.#label = label;
  }

  update({ part, doing, left }: Step): void {
    const spent = duration(performance.now() - this.#started);
    const time = left === undefined ? spent : `${spent}, ${duration(left)} left`;
    if (onTerminal) {
      const room = (process.stdout.columns || 80) - 1;
      process.stdout.write(`\r\u001b[K${`${bar(Math.min(1, part))} ${time}, ${this.#label}: ${doing}`.slice(0, room)}`);
    } else if (Math.floor(part * 10) > this.#tenths) {
      this.#tenths = Math.floor(part * 10);
      console.log(`${String(this.#tenths * 10).padStart(3)} % ${this.#label}: ${doing} (${time})`);
    }
  }

  end(): void {
    if (onTerminal) process.stdout.write("\r\u001b[K");
  }
}

/** As exact as one cares to know it. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

function bar(part: number): string {
  const full = Math.round(part * 20);
  return "█".repeat(full) + "░".repeat(20 - full);
}
