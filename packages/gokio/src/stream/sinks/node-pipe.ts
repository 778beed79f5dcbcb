/**
 * Into a Node Writable.
 *
 * 1. A chunk is written at once; if the stream says that it is full, the next one is asked for after its `drain`.
 * 2. What goes wrong with the stream ends the pipe at once, whatever that is waiting for.
 *
 * @module
 */
import { ClosedError } from "../../errors.ts";
import { Bell } from "../bell.ts";
import { GO, type Line, type Signal } from "../line.ts";
import { destroyed, type NodeState, type NodeWritable } from "../node-stream.ts";
import { Pipe } from "./pipe.ts";

interface WritableState extends NodeState {
  readonly writable?: boolean | undefined;
  /** Of the streams of the process itself, which cannot be ended. */
  readonly _isStdio?: boolean | undefined;
}

export class NodePipe<T> extends Pipe<T> {
  readonly #to: NodeWritable & WritableState;
  readonly #bell = new Bell("room in a writable stream");
  /** Chunks that are written, and not through yet. */
  #pending = 0;
  #isEnding = false;
  /** Everything has been written, and the stream has ended, if it was to end. */
  #isThrough = false;
  #failure: { readonly error: unknown } | undefined = undefined;

  constructor(to: NodeWritable & WritableState, ends: boolean) {
    super(ends && to._isStdio !== true);
    this.#to = to;
  }

  override begin(line: Line): void {
    super.begin(line);
    const to = this.#to;
    to.on("error", this.#broke);
    to.on("close", this.#closed);
    to.on("drain", this.#bell.ring);
    to.on("finish", this.#finished);
  }

  readonly #broke = (error: unknown): void => {
    this.#failure ??= { error };
    this.leave();
  };
  readonly #closed = (): void => {
    if (!this.#isThrough) this.#broke(new ClosedError("the writable stream"));
  };
  readonly #finished = (): void => {
    this.#isThrough = this.#isEnding;
    this.#bell.ring();
  };
  readonly #written = (error?: Error | null): void => {
    this.#pending--;
    if (error) {
      // An `error` event follows, unless the stream was destroyed without one.
      if (this.#to.destroyed === true && !this.#to.errored) this.#closed();
      return;
    }
    if (!this.#isEnding || this.ends || this.#pending > 0) return;
    this.#isThrough = true;
    this.#bell.ring();
  };

  #check(): void {
    const to = this.#to;
    if (this.#failure !== undefined) throw this.#failure.error;
    if (to.errored) throw to.errored;
    // Written to, it would fail late, or not at all.
    if (to.destroyed === true || to.writable === false) throw new ClosedError("the writable stream");
  }

  override push(value: T): Signal {
    this.#check();
    this.#pending++;
    return this.#to.write(value as never, this.#written) ? GO : this.line.wait(this.#bell, this);
  }

  protected override finish(): PromiseLike<unknown> | undefined {
    this.#check();
    this.#isEnding = true;
    if (this.ends) this.#to.end();
    else this.#isThrough = this.#pending === 0;
    return this.#isThrough ? undefined : this.#bell;
  }

  override resumed(): Signal {
    // It may have rung for something else.
    return this.#isEnding && !this.#isThrough ? this.line.wait(this.#bell, this) : GO;
  }

  override close(): PromiseLike<unknown> | undefined {
    const to = this.#to;
    to.removeListener("error", this.#broke);
    to.removeListener("close", this.#closed);
    to.removeListener("drain", this.#bell.ring);
    to.removeListener("finish", this.#finished);
    return this.#isThrough ? undefined : this.#giveUp();
  }

  async #giveUp(): Promise<void> {
    if (this.ends) {
      const { reason } = this;
      await destroyed(this.#to, reason instanceof Error ? reason : new Error("the pipe failed", { cause: reason }));
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
