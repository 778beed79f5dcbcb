/**
 * A process that is started, listened to, and ended when its time is up.
 *
 * @module
 */
import { spawn } from "node:child_process";
import process from "node:process";

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | null;
  /** The signal that ended it, or what kept it from starting. */
  readonly signal: string | null;
  readonly error?: Error;
  readonly timedOut: boolean;
  readonly tooMuch: boolean;
  readonly stdout: string;
  /** The end of it. */
  readonly stderr: string;
}

const MOST_OUTPUT = 1_000_000;
const MOST_ERRORS = 2_000;

/** What any program needs to find its way; nothing that would change how a runtime behaves. */
export function plainEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = ["PATH", "HOME", "LANG", "TMPDIR", "SystemRoot"];
  return Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** @throws what `signal` was aborted with, once the process has ended. */
export function runToEnd(
  { file, args, env }: Command,
  { timeout, signal }: { timeout: number; signal?: AbortSignal | undefined },
): Promise<Ended> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      env: { ...plainEnvironment(process.env), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    let [timedOut, tooMuch, size] = [false, false, 0];
    let error: Error | undefined;
    const kill = (): boolean => child.kill("SIGKILL");
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, timeout);
    signal?.addEventListener("abort", kill);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      size += text.length;
      if (size <= MOST_OUTPUT) stdout.push(text);
      else if (!tooMuch) {
        tooMuch = true;
        kill();
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr.push(text);
      if (stderr.length > 100) stderr.splice(0, 50);
    });
    child.on("error", (cause) => {
      error = cause;
    });
    child.on("close", (code, by) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", kill);
      if (signal?.aborted) return reject(signal.reason);
      const ended = { code, signal: by, timedOut, tooMuch, stdout: stdout.join("") };
      resolve({ ...ended, stderr: stderr.join("").slice(-MOST_ERRORS), ...(error && { error }) });
    });
  });
}
