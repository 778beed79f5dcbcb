/**
 * The loop of a `for await`: pulls until the stream ends, and leaves it when it is left itself.
 *
 * @module
 */
import { currentRegion } from "../kernel/current.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import type { Region } from "../kernel/region.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { Close, PullNext } from "./pulls.ts";
import type { StreamRun } from "./run.ts";

type Item<T> = IteratorResult<T, undefined>;

export class Loop<T> implements AsyncIterableIterator<T, undefined> {
  readonly #run: StreamRun<T>;
  readonly #op: LoopNext<T>;

  constructor(run: StreamRun<T>) {
    this.#run = run;
    this.#op = new LoopNext(run);
  }

  next(): Promise<Item<T>> {
    const region = currentRegion();
    if (region.cancellation !== undefined) return this.#refuse(region);
    this.#run.fill(true);
    return startIn(region, this.#op);
  }

  #refuse(region: Region): Promise<Item<T>> {
    const refused = (): Promise<Item<T>> => startIn(region, this.#op);
    return this.#close().then(refused, refused);
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    await this.#close();
    return { done: true, value: undefined };
  }

  #close(): Promise<void> {
    this.#run.leaveNow();
    return startIn(currentRegion().scheduler.root, new Close(this.#run as StreamRun<unknown>));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** One pull of a loop, which leaves the stream when it is cancelled: nobody calls `return` then. */
export class LoopNext<T> extends PullNext<T> {
  override unlink(waiter: Waiter<Item<T>>): void {
    super.unlink(waiter);
    (this.run as StreamRun<T>).leave(waiter.hold());
  }
}
