/**
 * A run as it is seen in a terminal: a line of progress, and Ctrl-C.
 *
 * @module
 */
import process from "node:process";
import { Progress, styled } from "../print.ts";
import type { Results } from "./format.ts";
import type { Journal } from "./journal.ts";
import type { Options } from "./options.ts";
import { type Limits, run } from "./run.ts";

export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** @throws {Interrupted} when the user had enough. */
export async function runInTerminal(options: Options, limits?: Limits): Promise<Results> {
  const stop = new AbortController();
  // A second time, it ends the runner as it would have ended it without this.
  const onInterrupt = (): void => stop.abort();
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new Progress("lab");
  let journal: Journal | undefined;
  const watcher = {
    signal: stop.signal,
    onBuild: (doing: string): void => line.update({ part: 0, doing }),
    onStart: (started: Journal): void => {
      journal = started;
    },
    onProgress: ({ done, total, left, next }: Parameters<Parameters<typeof run>[1]["onProgress"]>[0]): void => {
      const doing = next ? `${next.contestant} does ${next.case.key}, round ${next.round}` : "done";
      line.update({ part: total === 0 ? 1 : done / total, doing: `${done} of ${total}; ${doing}`, left });
    },
  };
  try {
    return await run(options, watcher, limits);
  } catch (error) {
    line.end();
    if (!stop.signal.aborted) throw error;
    throw new Interrupted(told(journal));
  } finally {
    line.end();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

function told(journal: Journal | undefined): string {
  if (journal === undefined) return "Interrupted before anything was measured.";
  const { samples, header } = journal;
  const kept = samples.length === 1 ? "1 sample is kept" : `${samples.length} samples are kept`;
  return `Interrupted: ${kept}. ${styled("bold", "npm run lab -- --resume")} goes on with the run ${header.id}.`;
}
