/**
 * A stream as part of another: what it is pulled by, and how it is closed.
 *
 * @module
 */
import type { Closable } from "./line.ts";
import type { Plan } from "./plan.ts";
import { Close, PullNext } from "./pulls.ts";
import { StreamRun } from "./run.ts";

export class Upstream<T> implements Closable {
  readonly run: StreamRun<T>;
  /** Takes the next item; the same operation each time. */
  readonly next: PullNext<T>;

  constructor(run: StreamRun<T>) {
    this.run = run;
    this.next = new PullNext(run);
  }

  /** It is nobody's child: it ends when it is closed, in its turn, and not with whoever pulled it first. */
  static of<T>(plan: Plan): Upstream<T> {
    const run = new StreamRun<T>(plan);
    run.isOrphan = true;
    return new Upstream(run);
  }

  close(): PromiseLike<unknown> | undefined {
    const { run } = this;
    run.leaveNow();
    if (!run.isOver) return new Close(run as StreamRun<unknown>);
    const failure = run.takeFailure();
    if (failure !== undefined) throw failure.error;
    return undefined;
  }
}
