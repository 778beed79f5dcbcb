/**
 * The chunks of a Node Readable, read without a promise for each. One that is left is destroyed, and waited for.
 *
 * Listening begins with the first pull, and ends with the stream.
 *
 * @module
 */
import { Bell } from "../bell.ts";
import { BREATHE, DRY, GO, type Resumable, type Signal, Source } from "../line.ts";
import { destroyed, type NodeReadable, type NodeState } from "../node-stream.ts";

interface ReadableState extends NodeState {
  readonly readableEnded?: boolean | undefined;
}

export class NodeSource<T> extends Source<T> implements Resumable {
  readonly #stream: NodeReadable & ReadableState;
  readonly #bell = new Bell("a readable stream");
  #isListening = false;
  #isDone = false;
  #hasEnded = false;
  #hasClosed = false;
  #failure: { readonly error: unknown } | undefined = undefined;

  constructor(stream: NodeReadable) {
    super();
    this.#stream = stream;
  }

  readonly #ended = (): void => {
    this.#hasEnded = true;
    this.#bell.ring();
  };
  readonly #closed = (): void => {
    this.#hasClosed = true;
    this.#bell.ring();
  };
  readonly #failed = (error: unknown): void => {
    this.#failure ??= { error };
    this.#bell.ring();
  };

  override pump(): Signal {
    const { sink, line } = this;
    if (this.#isDone) return DRY;
    if (!this.#isListening) this.#listen();
    for (;;) {
      const chunk = this.#read();
      if (chunk === null) return this.#nothing();
      const signal = sink.push(chunk as T);
      if (signal !== GO) return signal;
      if (--line.credit < 0 && line.breathes()) return BREATHE;
    }
  }

  #read(): unknown {
    return this.#stream.destroyed === true ? null : this.#stream.read();
  }

  /** There is nothing to read, for now or for good. */
  #nothing(): Signal {
    const stream = this.#stream;
    const error = this.#failure?.error ?? stream.errored ?? undefined;
    if (error !== undefined) throw this.#done(error);
    if (this.#hasEnded || stream.readableEnded === true) {
      this.#done();
      return DRY;
    }
    if (this.#hasClosed || stream.destroyed === true)
      throw this.#done(new Error("the readable stream was closed before its end"));
    return this.line.wait(this.#bell, this);
  }

  #done(error?: unknown): unknown {
    this.#isDone = true;
    this.#ignore();
    return error;
  }

  resumed(): Signal {
    return GO;
  }

  #listen(): void {
    this.#isListening = true;
    const stream = this.#stream;
    stream.on("readable", this.#bell.ring);
    stream.on("end", this.#ended);
    stream.on("error", this.#failed);
    stream.on("close", this.#closed);
  }

  #ignore(): void {
    const stream = this.#stream;
    stream.removeListener("readable", this.#bell.ring);
    stream.removeListener("end", this.#ended);
    stream.removeListener("error", this.#failed);
    stream.removeListener("close", this.#closed);
  }

  override close(): PromiseLike<unknown> | undefined {
    if (this.#isDone) return undefined;
    this.#done();
    return destroyed(this.#stream);
  }

  override describe(): string {
    return "a readable stream";
  }
}
