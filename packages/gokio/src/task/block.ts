/**
 * Blocks: a body that runs inside a region of its own, in the flavour of whoever drives it. Timeouts, scopes, shields and contexts are blocks.
 *
 * A block is lazy, as an operation is: awaiting it runs the body in the caller's async task, `yield*` runs it on the caller's stack. It can be
 * no case of a select, for a body cannot be tried; `task(body)` can.
 *
 * 1. The region is entered before the body starts and left when everything in it has ended, in whichever way.
 * 2. What is waited for on the way out ({@link Block.drain}) is shielded: a block is never left early. Cancellation from outside reaches the
 *    region, through the tree, and thereby hurries what is waited for.
 *
 * @module
 */
import { platform } from "#platform";
import { signalOf } from "../cancel/abort-signal.ts";
import { MisuseError } from "../errors.ts";
import type { Coroutine } from "../kernel/coroutine.ts";
import { currentRegion, running } from "../kernel/current.ts";
import { Call, Guarded } from "../kernel/frame.ts";
import type { OnRejected, Operation } from "../kernel/operation.ts";
import { startIn } from "../kernel/promise-waiter.ts";
import type { Region } from "../kernel/region.ts";
import type { Parked } from "../kernel/step.ts";
import type { CheckBody } from "./body.ts";
import { settle } from "./child.ts";
import { TaskRegion } from "./region.ts";
import { CHECKPOINT, drive } from "./run-body.ts";

/** What the body of a block is given. */
export interface BlockSelf {
  /** Aborts when the block is cancelled, for code that takes an AbortSignal. */
  readonly signal: AbortSignal;
}

export type BlockBody<R> = ((self: BlockSelf) => R) & CheckBody<R>;

/** How a body ended. */
export type BodyOutcome<T> = { readonly value: T } | { readonly error: unknown };

/** A body that has not been run yet, with its region around it: what `scope`, `timeout`, `shield` and their like make. Await it, or `yield*` it. */
export abstract class Block<T> implements PromiseLike<Awaited<T>> {
  /** Whether the body may run although the caller has been cancelled. */
  protected get entersCancelled(): boolean {
    return false;
  }
  /** Makes the region, inside `outer`, and starts what belongs to it. */
  protected abstract open(outer: Region): TaskRegion;
  /** Calls the user's body; the result is a generator, a promise or a value. */
  protected abstract body(region: TaskRegion): unknown;
  /** Called when the body has ended: what has to be waited for before the block may be left. */
  protected drain(_region: TaskRegion, _body: BodyOutcome<T> | undefined): Operation<unknown> | undefined {
    return undefined;
  }
  /** The block's own outcome; by default the body's. */
  protected result(_region: TaskRegion, body: BodyOutcome<T>): T {
    if ("error" in body) throw body.error;
    return body.value;
  }
  /** Called last, however the block is left. */
  protected close(region: TaskRegion): void {
    region.close();
  }

  then<A = Awaited<T>, B = never>(
    fulfilled?: ((value: Awaited<T>) => A | PromiseLike<A>) | null,
    rejected?: OnRejected<B>,
  ): Promise<A | B> {
    return (this.#await() as Promise<Awaited<T>>).then(fulfilled, rejected);
  }

  async #await(): Promise<T> {
    const outer = currentRegion();
    if (outer.cancellation !== undefined && !this.entersCancelled) {
      outer.refused();
      throw outer.cancellation.error;
    }
    const region = this.open(outer);
    try {
      const body = await outcomeOf<T>(() => platform.enter(region, () => settle(region, this.#call(region))));
      const rest = this.drain(region, body);
      if (rest !== undefined) await startIn(TaskRegion.shield(region), rest);
      return this.result(region, body);
    } finally {
      this.close(region);
    }
  }

  [Symbol.iterator](): Iterator<Parked, T, unknown> {
    const wayOut: WayOut = { drain: undefined };
    return new Guarded(this.#run(wayOut), () => wayOut.drain?.());
  }

  *#run(wayOut: WayOut): Generator<Parked, T, unknown> {
    const task = running;
    if (task === undefined) {
      throw new MisuseError("yield* can run a block only in the generator of a task; elsewhere, await it");
    }
    if (!this.entersCancelled) yield* CHECKPOINT;
    const outer = task.region;
    const around = task.currentRegion();
    const region = this.open(around);
    task.region = region;
    wayOut.drain = () => draining(task, region, this.drain(region, undefined));
    let body: BodyOutcome<T>;
    try {
      try {
        body = {
          value: (yield* new Call(
            () =>
              drive(
                task,
                task.callForeign(() => this.#call(region)),
              ),
            region,
          )) as T,
        };
      } catch (error) {
        body = { error };
      }
      wayOut.drain = undefined;
      const rest = draining(task, region, this.drain(region, body));
      if (rest !== undefined) yield* rest;
    } finally {
      // Reached by return(), too, with the body unwound, and all that had to be waited for gone.
      task.region = outer;
      this.close(region);
    }
    try {
      return this.result(region, body);
    } catch (error) {
      // Async code, or a child, has met the cancellation of what is around the block. A generator does not see that: it is unwound here.
      if (error === around.cancellation?.error) yield* CHECKPOINT;
      throw error;
    }
  }

  #call(region: TaskRegion): unknown {
    if (region.cancellation !== undefined) throw region.cancellation.error;
    return this.body(region);
  }
}

/** How a block is left that is unwound. */
interface WayOut {
  drain: (() => Generator<Parked, unknown, unknown> | undefined) | undefined;
}

function draining(
  task: Coroutine,
  region: TaskRegion,
  rest: Operation<unknown> | undefined,
): Generator<Parked, unknown, unknown> | undefined {
  if (rest === undefined) return undefined;
  return (function* () {
    task.region = TaskRegion.shield(region);
    return yield* rest;
  })();
}

async function outcomeOf<T>(body: () => unknown): Promise<BodyOutcome<T>> {
  try {
    return { value: (await body()) as T };
  } catch (error) {
    return { error };
  }
}

/** A block whose body is the caller's function. */
export abstract class FunctionBlock<T> extends Block<T> {
  readonly #body: (self: BlockSelf) => unknown;

  constructor(body: (self: BlockSelf) => unknown) {
    super();
    this.#body = body;
  }

  protected override body(region: TaskRegion): unknown {
    return this.#body({
      get signal() {
        return signalOf(region);
      },
    });
  }
}
