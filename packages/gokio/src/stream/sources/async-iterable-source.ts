/**
 * The items of an async iterable: an async generator, a Node stream, anything that `for await` goes through.
 *
 * Its code runs in the context of the run's task, so that its waits are cancelled when the stream is left in the middle of a pull. An iterator that
 * goes on waiting all the same, for something that is not gokio's, is told to end and abandoned: it might never come back.
 *
 * @module
 */
import type { Host } from "../../kernel/host.ts";
import { isThenable } from "../../task/body.ts";
import { BREATHE, DRY, GO, type Resumable, type Signal, Source } from "../line.ts";

export class AsyncIterableSource<T> extends Source<T> implements Resumable {
  readonly #items: AsyncIterable<T>;
  #iterator: AsyncIterator<T> | undefined = undefined;
  #isDone = false;
  #inFlight: PromiseLike<unknown> | undefined = undefined;

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
    if (this.line.isInline) return BREATHE;
    while (!this.#isDone) {
      const item = this.#next();
      if (isThenable(item)) {
        this.#inFlight = item;
        return this.line.wait(item, this);
      }
      const signal = this.resumed(item);
      if (signal !== GO) return signal;
    }
    return DRY;
  }

  #next(): unknown {
    try {
      return this.line.enter(this.#pull);
    } catch (error) {
      this.#isDone = true;
      throw error;
    }
  }

  resumed(value: unknown): Signal {
    this.#inFlight = undefined;
    const item = value as IteratorResult<T>;
    if (item.done !== true) return this.sink.push(item.value);
    this.#isDone = true;
    return GO;
  }

  broke(): void {
    // A stage may have failed, and not the iterator; that does not happen while an item is on its way.
    if (this.#inFlight !== undefined) this.#isDone = true;
  }

  override close(): PromiseLike<unknown> | undefined {
    const iterator = this.#iterator;
    if (this.#isDone || iterator === undefined) return undefined;
    this.#isDone = true;
    const end: unknown = this.line.enter(() => iterator.return?.());
    if (!isThenable(end)) return undefined;
    return this.#inFlight === undefined ? end : endOf(this.#inFlight, end, this.line.scheduler.host);
  }
  override describe(): string {
    return "an async iterable";
  }
}

/** Waits for `end`, unless the item that is on its way keeps the iterator from ending at once. */
async function endOf(inFlight: PromiseLike<unknown>, end: PromiseLike<unknown>, host: Host): Promise<void> {
  let hasCome = false;
  const come = (): void => {
    hasCome = true;
  };
  inFlight.then(come, come);
  await new Promise<void>((resolve) => host.macrotask(resolve));
  if (hasCome) await end;
  else end.then(undefined, () => {});
}
