/**
 * The end of a line that fills something else.
 *
 * It waits for what it fills: the next item is asked for when that has taken the one before. So the backpressure of whatever is at the end
 * reaches the source.
 *
 * @module
 */
import { CancelledError } from "../../errors.ts";
import { isThenable } from "../../task/body.ts";
import { type Closable, END, GO, type Line, type Resumable, type Signal } from "../line.ts";
import { Collector } from "../terminal.ts";

export abstract class Pipe<T> extends Collector<T, void> implements Resumable, Closable {
  /** Whether the target is to be ended. */
  protected readonly ends: boolean;
  /** It is the end of its line, behind every stage. */
  readonly index = Number.MAX_SAFE_INTEGER;
  #isEnding = false;

  constructor(ends: boolean) {
    super();
    this.ends = ends;
  }

  override begin(line: Line): void {
    super.begin(line);
    line.onClose(this);
  }

  /** The target has room again, or has ended. */
  resumed(): Signal {
    return GO;
  }

  override end(): Signal {
    if (this.#isEnding) return END;
    this.#isEnding = true;
    const ending = this.finish();
    return isThenable(ending) ? this.line.wait(ending, this) : END;
  }

  /** Nothing more will come: ends the target, if it is to be ended; what comes back is waited for. */
  protected abstract finish(): PromiseLike<unknown> | undefined | void;

  /** It is over, well or not: lets go of the target. */
  abstract close(): PromiseLike<unknown> | undefined;

  /** What a target that is not ended well is aborted with. */
  protected get reason(): unknown {
    return this.line.failure === undefined ? new CancelledError("the pipe was left") : this.line.failure.error;
  }

  override result(): void {}
}
