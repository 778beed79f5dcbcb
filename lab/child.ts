/**
 * Fresh processes: one for each sample, so that no run inherits the heap or the compiled code of another.
 *
 * @module
 */
import { fork } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

export type Message = { readonly progress: number } | { readonly result: unknown } | { readonly error: string };

/** Runs `program`, beside this file, in a process of its own, and gives what it reports as its result. */
export function inChild<T>(
  program: string,
  args: readonly string[],
  { execArgv = [], onProgress }: { execArgv?: readonly string[]; onProgress?: (progress: number) => void } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL(`./${program}.js`, import.meta.url));
    const child = fork(path, [...args], { execArgv: [...execArgv] });
    let outcome: Message | undefined;
    child.on("message", (message: Message) => {
      if ("progress" in message) onProgress?.(message.progress);
      else outcome = message;
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (outcome !== undefined && "result" in outcome) resolve(outcome.result as T);
      else {
        const why = outcome !== undefined && "error" in outcome ? outcome.error : `it ended with ${signal ?? code}`;
        reject(new Error(`${program} ${args.join(" ")}: ${why}`));
      }
    });
  });
}

/** The other side: runs `body`, reports its result, and ends the process. */
export async function report(body: () => unknown): Promise<void> {
  let message: Message;
  try {
    // What is undefined would be left out of the message.
    message = { result: (await body()) ?? null };
  } catch (error) {
    message = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send?.(message, () => process.exit());
}
