/**
 * The items of an async iterable: an async generator, a Node stream, anything that `for await` goes through.
 *
 * Its code runs in the context of the run's task, so that its waits are cancelled when the stream is left in the middle of a pull. An iterator that
 * goes on waiting all the same, for something that is not gokio's, is told to end and abandoned: it might never come back.
 *
 * @module
 */
import { isThenable } from "../../task/body.ts";
import { BREATHE, DRY, GO, type Line, type Resumable, type Signal, Source } from "../line.ts";

export class AsyncIterableSource<T> extends Source<T> implements Resumable {
  readonly #items: AsyncIterable<T>;
  #iterator: AsyncIterator<T> | undefined = undefined;
  #isDone = false;
  #isInFlight = false;

  constructor(items: AsyncIterable<T>) {
    super();
    this.#items = items;
  }

  override get isForeign(): boolean {
    return true;
  }

  readonly #pull = (): unknown => {
    this.#iterator ??= this.#items[Symbol.asyncIterator]();
    return this.#iterator.next();
  };

  override pump(): Signal {
    const { line } = this;
    if (line.isInline) return BREATHE;
    while (!this.#isDone) {
      let item: unknown;
      try {
        const iterator = this.#iterator;
        item = line.context === undefined && iterator !== undefined ? iterator.next() : line.enter(this.#pull);
      } catch (error) {
        this.#isDone = true;
        throw error;
      }
      if (item instanceof Promise || isThenable(item)) {
        this.#isInFlight = true;
        return line.follow(item, this);
      }
      const signal = this.#took(item as IteratorResult<T>);
      if (signal !== GO) return signal;
    }
    return DRY;
  }

  resumed(item: unknown): Signal {
    this.#isInFlight = false;
    const signal = this.#took(item as IteratorResult<T>);
    // Nothing is held below, then: as in the loop above.
    return signal === GO ? this.pump() : signal;
  }

  #took({ done, value }: IteratorResult<T>): Signal {
    if (done !== true) return this.sink.push(value);
    this.#isDone = true;
    return GO;
  }

  broke(): void {
    // A stage may have failed, and not the iterator; that does not happen while an item is on its way.
    if (this.#isInFlight) this.#isDone = true;
  }

  override close(): PromiseLike<unknown> | undefined {
    const iterator = this.#iterator;
    if (this.#isDone || iterator === undefined) return undefined;
    this.#isDone = true;
    const end: unknown = this.line.enter(() => iterator.return?.());
    if (!isThenable(end)) return undefined;
    return this.#isInFlight ? endOf(end, this.line) : end;
  }

  override describe(): string {
    return "an async iterable";
  }
}

/**
 * Waits for `end`, unless the item that is on its way keeps the iterator from ending: that is so when nothing that it waits for can be cancelled. What was
 * cancelled is on its way out, however long its cleanup takes.
 */
async function endOf(end: PromiseLike<unknown>, line: Line): Promise<void> {
  await new Promise<void>((resolve) => line.scheduler.host.macrotask(resolve));
  if (!line.isArriving || line.isReached) await end;
  else end.then(undefined, () => {});
}
