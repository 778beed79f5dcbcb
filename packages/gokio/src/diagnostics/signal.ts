/**
 * A dump at a signal: for a process that runs, and does not move.
 *
 * @module
 */
import { program } from "#platform";
import { checkFunction, checkOptions, MisuseError, show, wrongType } from "../errors.ts";
import { currentScheduler } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import { type Dump, dumpOf } from "./dump.ts";

export interface DumpOnSignalOptions {
  /** What to do with the dump; by default its text is written to the standard error stream. */
  readonly to?: ((dump: Dump) => void) | undefined;
}

/**
 * Prints a dump each time the process gets `signal`, which has no other effect then: `kill -USR2 <pid>`. Dispose the result to stop. It does not keep
 * the process alive.
 *
 * A signal is seen to between two turns of the event loop: code that never pauses is not interrupted.
 *
 * @example
 * ```ts
 * import { dumpOnSignal } from "gokio/diagnostics";
 *
 * const listening = dumpOnSignal("SIGUSR2");
 * listening[Symbol.dispose]();
 * ```
 *
 * @throws {TypeError} if `signal` is not a string.
 * @throws {MisuseError} if there is no such signal here: `SIGKILL` cannot be heard, and browsers have none.
 */
export function dumpOnSignal(signal: string, options: DumpOnSignalOptions = {}): Disposable {
  if (typeof signal !== "string") throw wrongType("signal", "the name of a signal", signal);
  const { to = print } = checkOptions(options);
  checkFunction("to", to);
  const scheduler = currentScheduler();
  const stop = program.onNamedSignal(signal, () => to(dumpOf(scheduler)));
  if (stop === undefined) {
    throw new MisuseError(
      `there is no signal ${show(signal)} that this process could listen to: take one like "SIGUSR2"`,
    );
  }
  return { [dispose]: stop };
}

function print(dump: Dump): void {
  program.complain(`${dump}\n`);
}
