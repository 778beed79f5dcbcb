/**
 * What a simulation asks of the runtime, which differs: who starts real work, and which modules have timers beside the globals.
 *
 * @module
 */

/** Told of work of the runtime, as it is started and as it ends. */
export interface WorkListener {
  /**
   * Called in the frame that starts it. `capture` gives the stack of that frame, at a cost; nothing if the work is part of printing, which is nobody's wait.
   */
  started(id: number, kind: WorkKind, capture: () => { readonly stack?: string } | undefined): void;
  /** To be left out where nobody asks: it makes every promise of the process cost more. */
  ended?(id: number): void;
}

/** What is started. */
export interface WorkKind {
  /** For people. */
  readonly what: string;
  /** Whether it is due at the next turn of the event loop. */
  readonly isTurn: boolean;
}

export interface TestingPlatform {
  /**
   * Runs `job` when no promise reaction is left to run: sooner than a turn of the event loop, and cheaper. Only where {@link watchWork} tells of everything that
   * could still be due then; `undefined` elsewhere.
   */
  readonly afterMicrotasks: ((job: () => void) => void) | undefined;
  /** Has `listener` told from now on. Call the result to stop. Where the runtime can't tell, nobody is. */
  watchWork(listener: WorkListener): () => void;
  /** Modules with the timer functions of the global object. */
  readonly timerModules: readonly object[];
  /** Modules whose timers are promises. */
  readonly promiseModules: readonly object[];
  /** To be called when exports of such modules were replaced, or put back. */
  modulesReplaced(): void;
}
