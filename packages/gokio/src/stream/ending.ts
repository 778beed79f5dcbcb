/**
 * How a run ends: everything upstream is closed, one part after the other, and what was thrown on the way is kept for one who is told.
 *
 * @module
 */
import { Operation } from "../kernel/operation.ts";
import type { Parked } from "../kernel/step.ts";
import { watching } from "../task/foreign.ts";
import type { Closable, Line } from "./line.ts";

/** What a run has failed with. */
export interface Failure {
  readonly error: unknown;
}

export class Ending {
  /** It has begun: nothing more is asked for. */
  isLeaving = false;
  /** Everything upstream is closed. */
  isOver = false;
  /** What the run has failed with, if nobody was told. */
  failure: Failure | undefined = undefined;
  #parts: Generator<Closable, void> | undefined = undefined;
  #pending: PromiseLike<unknown> | undefined = undefined;
  #told: (() => void)[] = [];

  /** Whether what is upstream is being closed. */
  get isClosing(): boolean {
    return this.#parts !== undefined;
  }

  /** {@link failure}, for somebody who is told now. */
  takeFailure(): Failure | undefined {
    const { failure } = this;
    this.failure = undefined;
    return failure;
  }

  /** Calls `then` when it is over. */
  tell(then: () => void): void {
    this.#told.push(then);
  }

  over(): void {
    this.isOver = this.isLeaving = true;
  }

  tellAll(): void {
    const told = this.#told;
    this.#told = [];
    for (const then of told) then();
  }

  /** Closes what can be closed at once. `false` if something has to be waited for: {@link closeAll} goes on from there. */
  closeNow(line: Line): boolean {
    const parts = this.#open(line);
    for (let part = parts.next(); part.done !== true; part = parts.next()) {
      try {
        this.#pending = part.value.close();
      } catch (error) {
        this.failure ??= { error };
      }
      if (this.#pending !== undefined) return false;
    }
    return true;
  }

  *closeAll(line: Line): Generator<Parked, void, unknown> {
    const parts = this.#open(line);
    for (;;) {
      try {
        const pending = this.#pending;
        this.#pending = undefined;
        if (pending !== undefined) yield* pending instanceof Operation ? pending : watching(pending);
        const part = parts.next();
        if (part.done === true) return;
        this.#pending = part.value.close();
      } catch (error) {
        this.failure ??= { error };
      }
    }
  }

  #open(line: Line): Generator<Closable, void> {
    this.#parts ??= line.parts();
    return this.#parts;
  }
}
