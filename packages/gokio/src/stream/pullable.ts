/**
 * How a stream is pulled, closed, and given away.
 *
 * @module
 */

import { type Source as Receivable, receiving } from "../chan/ends.ts";
import { MisuseError } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { currentRegion } from "../kernel/current.ts";
import { asyncDispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { leaving, looping, nexting } from "../kernel/pull.ts";
import { PENDING } from "../kernel/step.ts";
import { Loop, LoopNext } from "./loop.ts";
import { type Plan, type Planned, planning } from "./plan.ts";
import { Close, PullNext, PullRecv } from "./pulls.ts";
import { StreamRun } from "./run.ts";
import { RunSource } from "./sources/op-source.ts";

export abstract class Pullable<T> implements Planned<T>, Receivable<T>, AsyncIterable<T>, AsyncDisposable {
  readonly #plan: Plan;
  #run: StreamRun<T> | undefined = undefined;
  #movedTo: string | undefined = undefined;

  /** @internal */
  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** @internal The run that is pulled. */
  protected get run(): StreamRun<T> {
    if (this.#movedTo !== undefined) {
      throw new MisuseError(`the stream was given to ${this.#movedTo}, and is pulled there; for two readers, use tee`);
    }
    this.#run ??= new StreamRun<T>(this.#plan);
    return this.#run;
  }

  /** @internal */
  [planning](by: string, _item?: T): Plan {
    const run = this.#run;
    // Throws, if it was given away before.
    if (this.#movedTo !== undefined) void this.run;
    this.#movedTo = by;
    if (run === undefined || !run.hasBegun) return this.#plan;
    return { source: () => new RunSource(run), stages: [], isOnce: true };
  }

  /** @internal */
  get [receiving](): Operation<T> {
    return new PullRecv(this.run);
  }

  /** @internal */
  get [nexting](): Operation<IteratorResult<T, undefined>> {
    return new PullNext(this.run);
  }

  /** @internal */
  [looping](): Operation<IteratorResult<T, undefined>> {
    return new LoopNext(this.run);
  }

  /** @internal */
  [leaving](): Operation<void> {
    return new Close(this.run as StreamRun<unknown>);
  }

  /**
   * Pulls the next item.
   *
   * Cancel-safe: a cancelled pull has taken nothing; an item that was on its way is kept for the next one.
   *
   * @throws {ClosedError} once the stream has ended.
   * @throws what the stream has failed with, once; after that it has ended.
   */
  recv(options?: WaitOptions): Promise<Awaited<T>> {
    this.fill(true);
    return start(this[receiving], options);
  }

  /**
   * Pulls as an iterator does: `{ done: true }` where {@link recv} would throw `ClosedError`.
   *
   * Cancel-safe: a cancelled pull has taken nothing; an item that was on its way is kept for the next one.
   *
   * @throws what the stream has failed with, once.
   */
  next(options?: WaitOptions): Promise<IteratorResult<T, undefined>> {
    this.fill(true);
    return start(this[nexting], options);
  }

  /** What {@link next} would give now; `undefined` if it would have to wait. */
  tryRecv(): IteratorResult<T, undefined> | undefined {
    this.fill();
    const result = this[nexting].try();
    return result === PENDING ? undefined : result;
  }

  /** @internal Has the run work for a pull that starts here. */
  protected fill(waits = false): void {
    if (currentRegion().cancellation === undefined) this.run.fill(waits);
  }

  /**
   * Pulls until the stream ends. Leaving the loop, in whichever way, closes the stream.
   *
   * Cancel-safe: a loop that is cancelled while it waits closes the stream, too.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return new Loop(this.run);
  }

  /**
   * Leaves the stream: cancels what it is doing, closes everything upstream, and waits until all cleanup is through. Items that nobody has pulled
   * are dropped. Pulls that wait are told the end. A second call waits for the first.
   *
   * Cancel-safe: the stream is left all the same.
   *
   * @throws what the cleanup threw, or what the stream had failed with, if nobody was told.
   */
  close(options?: WaitOptions): Promise<void> {
    const { run } = this;
    run.leaveNow();
    return start(new Close(run as StreamRun<unknown>), options);
  }

  /**
   * As {@link close}; nothing, if the stream was given to another, which is to be closed then.
   *
   * Cancel-safe: the stream is left all the same.
   */
  async [asyncDispose](): Promise<void> {
    if (this.#movedTo === undefined) await this.close();
  }
}
