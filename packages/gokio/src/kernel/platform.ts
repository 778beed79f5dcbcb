/**
 * What differs between runtimes beyond the clock and the queues: ambient context and the life of the process.
 *
 * @module
 */

/** Calls a body in some captured context. */
export type Enter = <R>(body: () => R) => R;

export interface Platform {
  /** Whether {@link ambient} works here. */
  readonly hasAmbience: boolean;
  /** What {@link enter} was given, in everything that ran from there; `undefined` where the runtime cannot tell. */
  ambient(): object | undefined;
  /** Runs `body`, and all that it starts, with `store` as the ambient object. */
  enter<R>(store: object, body: () => R): R;
  /** Captures every async context of the caller, the user's own included. */
  snapshot(): Enter;
  /** Runs `body` in the context the module was loaded in, so that nothing of the present caller's shows through. */
  isolated(body: () => void): void;
  /** Calls `listener` each time the process has nothing left to do but end; returns how to stop that. */
  onIdleExit(listener: () => void): () => void;
  /** Prints `message` and makes the process end with exit code 2. */
  fatal(message: string): void;
}
