/**
 * What differs between runtimes beyond the clock and the queues: ambient context and the life of the process.
 *
 * @module
 */
import type { Scheduler } from "./scheduler.ts";

/** Calls a body in some captured context. */
export type Enter = <R>(body: () => R) => R;

export interface Platform {
  /** Whether {@link ambient} works here. */
  readonly hasAmbience: boolean;
  /** Whether anything has been entered yet; before, promises cost nothing for it. */
  readonly isAmbienceInUse: boolean;
  /** What {@link enter} was given, in everything that ran from there; `undefined` where the runtime cannot tell. */
  ambient(): object | undefined;
  /** Runs `body`, and all that it starts, with `store` as the ambient object. */
  enter<R>(store: object, body: () => R): R;
  /** Captures every async context of the caller, the user's own included. */
  snapshot(): Enter;
  /** Runs `body` in the context the module was loaded in, so that nothing of the present caller's shows through. */
  isolated(body: () => void): void;
  /** From now on, a process that would end while `scheduler` is stuck says so, and ends with exit code 2. */
  watch(scheduler: Scheduler): void;
}

/** A place in a source file. */
export interface Position {
  /** A path, from the working directory for what is below it; or a URL that is no `file:`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The process, as the program that it runs sees it. */
export interface Program {
  /**
   * Calls `listener` at each SIGINT and SIGTERM, with its name and the exit code that stands for it; they have no other effect then. Returns how to
   * stop that.
   */
  onSignal(listener: (name: string, exitCode: number) => void): () => void;
  /** Ends the process with `code`: at once, or when it has nothing left to do. */
  exit(code: number, atOnce: boolean): void;
  /** Calls `listener` at each signal of that name, which has no other effect then. Returns how to stop that; `undefined` if there is no such signal. */
  onNamedSignal(name: string, listener: () => void): (() => void) | undefined;
  /** The value of an environment variable. */
  env(name: string): string | undefined;
  /** Writes to the standard error stream, or to what stands for it. */
  complain(text: string): void;
  /** Has the memory collected, where the runtime can be made to. */
  collect(): Promise<void>;
  /** The position in the sources that became this one of a stack; this one, if that is not known. */
  originalPosition(url: string, line: number, column: number): Position;
}
