/**
 * The tour: every example, one after another, each in a process of its own.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { heading, styled } from "./print.ts";

const examples = new URL("../../examples/", import.meta.url);

/** In reading order; an example in two flavours comes twice. */
export const TOUR: readonly string[] = [
  "hello",
  "task-value",
  "task-value-generator",
  "ping-pong",
  "ping-pong-generator",
  "request-response",
  "request-response-generator",
  "broadcast",
  "naturals",
  "even-squares",
  "timeout",
  "timeout-generator",
  "cancel-subtask",
  "ten-jobs-limited",
  "ten-jobs-joined",
  "pipeline",
  "pipeline-generator",
  "million-messages",
  "million-messages-async",
];

export async function tour(): Promise<void> {
  for (const [i, name] of TOUR.entries()) {
    heading(`${i + 1}. ${titleOf(name)}`);
    console.log(styled("dim", `   examples/${name}.ts`));
    await run(name);
  }
}

/** The first sentence of the comment that opens the file. */
function titleOf(name: string): string {
  const source = readFileSync(new URL(`${name}.ts`, examples), "utf8");
  return /^\/\*\*\s*\*?\s*(.+?)[.:;](\s|$)/.exec(source)?.[1] ?? name;
}

async function run(name: string): Promise<void> {
  const path = fileURLToPath(new URL(`dist/${name}.js`, examples));
  const child = spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => process.stdout.write(text.replaceAll(/^(?=.)/gm, "   ")));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`examples/${name}.ts ended with exit code ${code}`);
}
