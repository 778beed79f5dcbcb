/**
 * Terminal operations: the whole stream is run into a sink, and what that has made of it is the result.
 *
 * The operation owns the stream. Linking it starts the run, so it can be a case of a select as `task(body)` can: it is started when nothing else
 * is ready, and left, with everything upstream closed, when something else wins.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { END, type Line, type Signal, Sink } from "./line.ts";
import type { Plan } from "./plan.ts";
import { StreamRun } from "./run.ts";
import type { DrivenSink } from "./slot.ts";

/** Where a driven line ends. */
export abstract class Collector<T, R> extends Sink<T> implements DrivenSink<T> {
  /** Set before the first push. */
  protected line: Line = undefined as unknown as Line;
  /** Has the whole run left, when that is found out while no item is being pushed. Set before the first push. */
  leave: () => void = () => {};

  begin(line: Line): void {
    this.line = line;
  }

  abstract result(): R;

  override end(): Signal {
    return END;
  }
}

/** Runs `plan` into a collector. */
export class Collect<T, R> extends Operation<R> {
  readonly #plan: Plan;
  readonly #collector: Collector<T, R>;
  readonly #what: string;
  #run: StreamRun<T> | undefined = undefined;

  constructor(what: string, plan: Plan, collector: Collector<T, R>) {
    super();
    this.#what = what;
    this.#plan = plan;
    this.#collector = collector;
  }

  override get startsWork(): boolean {
    return true;
  }

  override try(): Pending {
    return PENDING;
  }

  override link(waiter: Waiter<R>): void {
    if (this.#run !== undefined) throw new MisuseError(`${this.describe()}: a stream can be consumed once`);
    const run = new StreamRun<T>(this.#plan, this.#collector);
    this.#run = run;
    this.#collector.leave = () => run.leave();
    waiter.slot = run;
    run.drive(waiter.daemon, () => {
      if (waiter.slot === run) this.#tell(waiter, run);
    });
  }

  #tell(waiter: Waiter<R>, run: StreamRun<T>): void {
    waiter.slot = undefined;
    if (run.failure === undefined) waiter.wake(this.#collector.result());
    else waiter.fail(run.failure.error);
  }

  override unlink(waiter: Waiter<R>): void {
    waiter.slot = undefined;
    this.#run?.leave(waiter.hold());
  }

  override describe(): string {
    return `${this.#what} of a stream`;
  }
}
