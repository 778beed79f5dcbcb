/**
 * The chunks of a Web ReadableStream, through a reader of its own: an async iterator cannot be told to stop while it waits, and older platforms have
 * none.
 *
 * The lock is taken at the first pull, and given back at the end, whichever that is. One that is left is cancelled.
 *
 * @module
 */
import { BREATHE, DRY, GO, type Resumable, type Signal, Source } from "../line.ts";

export class WebSource<T> extends Source<T> implements Resumable {
  readonly #stream: ReadableStream<T>;
  #reader: ReadableStreamDefaultReader<T> | undefined = undefined;
  #isDone = false;

  constructor(stream: ReadableStream<T>) {
    super();
    this.#stream = stream;
  }

  override get isForeign(): boolean {
    return true;
  }

  readonly #read = (): PromiseLike<unknown> => {
    this.#reader ??= this.#stream.getReader() as ReadableStreamDefaultReader<T>;
    return this.#reader.read();
  };

  override pump(): Signal {
    if (this.line.isInline) return BREATHE;
    if (this.#isDone) return DRY;
    return this.line.wait(this.line.enter(this.#read), this);
  }

  resumed(value: unknown): Signal {
    const chunk = value as IteratorResult<T>;
    if (chunk.done !== true) return this.sink.push(chunk.value);
    this.#release();
    return GO;
  }

  broke(): void {
    this.#release();
  }

  #release(): void {
    this.#isDone = true;
    this.#reader?.releaseLock();
  }

  override close(): PromiseLike<unknown> | undefined {
    if (this.#isDone) return undefined;
    this.#isDone = true;
    const reader = this.#reader;
    // One that was not read yet is ours to cancel all the same, unless somebody else reads it.
    if (reader === undefined) return this.#stream.locked ? undefined : this.#stream.cancel();
    return reader.cancel().finally(() => reader.releaseLock());
  }

  override describe(): string {
    return "a ReadableStream";
  }
}
