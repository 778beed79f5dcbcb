/**
 * Into a WritableStream.
 *
 * The lock is taken with the first item, or with the end, and given back when it is over.
 *
 * 1. A chunk is written at once, and the next one is asked for when the stream says that it is ready; one that never is, because its limit is 0, is
 *    waited for chunk by chunk.
 * 2. What goes wrong with the stream ends the pipe at once, whatever that is waiting for.
 *
 * @module
 */
import { ClosedError } from "../../errors.ts";
import { nothing } from "../../kernel/settling.ts";
import { GO, type Signal } from "../line.ts";
import { Pipe } from "./pipe.ts";

export class WebPipe<T> extends Pipe<T> {
  readonly #to: WritableStream<T>;
  #writer: WritableStreamDefaultWriter<T> | undefined = undefined;
  #isOneByOne = false;
  #last: Promise<void> | undefined = undefined;
  #isEnding = false;
  /** Everything has been written, and the stream has ended, if it was to end. */
  #isThrough = false;
  /** It is over: what the stream says of itself is no news. */
  #isOver = false;
  #failure: { readonly error: unknown } | undefined = undefined;

  constructor(to: WritableStream<T>, ends: boolean) {
    super(ends);
    this.#to = to;
  }

  #open(): WritableStreamDefaultWriter<T> {
    const writer = this.#to.getWriter();
    this.#writer = writer;
    // There is no size if it has failed; that shows with the first chunk.
    this.#isOneByOne = (writer.desiredSize ?? 1) <= 0;
    writer.closed.then(() => this.#broke(new ClosedError("the writable stream")), this.#broke);
    return writer;
  }

  readonly #broke = (error: unknown): void => {
    if (this.#isOver || this.#isEnding) return;
    this.#failure ??= { error };
    this.leave();
  };

  override push(value: T): Signal {
    if (this.#failure !== undefined) throw this.#failure.error;
    const writer = this.#writer ?? this.#open();
    const written = writer.write(value);
    // A failure shows in `ready`, `closed` and the end.
    written.catch(nothing);
    this.#last = written;
    if (this.#isOneByOne) return this.line.wait(written, this);
    return (writer.desiredSize ?? 0) > 0 ? GO : this.line.wait(writer.ready, this);
  }

  protected override finish(): PromiseLike<unknown> | undefined {
    const writer = this.#writer ?? this.#open();
    // Being closed is what is asked for; a failure shows in what is waited for.
    this.#isEnding = this.ends;
    const ending = this.ends ? writer.close() : this.#last;
    if (ending === undefined) this.#isThrough = true;
    return ending;
  }

  override resumed(): Signal {
    this.#isThrough = this.#isEnding;
    return GO;
  }

  override close(): PromiseLike<unknown> | undefined {
    this.#isOver = true;
    const writer = this.#writer;
    if (writer !== undefined) return this.#letGo(writer);
    // Not one item came: the stream is ours to abort all the same, unless somebody else writes to it.
    return this.ends && !this.#to.locked ? this.#to.abort(this.reason) : undefined;
  }

  async #letGo(writer: WritableStreamDefaultWriter<T>): Promise<void> {
    try {
      // Of one that has closed or failed by itself, this does nothing.
      if (this.ends && !this.#isThrough) await writer.abort(this.reason);
    } finally {
      writer.releaseLock();
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
