/**
 * The await driver: an operation started on a native promise.
 *
 * The operation is tried at once, whether or not anybody awaits the promise; if it has to wait, the waiter is linked, and is a
 * member of the region it was started in. Waking queues the waiter; the run queue settles the promise.
 *
 * 1. An operation that is ready has its effect at once, and with the budget spent only its promise settles late: so the calls of one
 *    caller keep their order.
 * 2. A wait that its own region cancelled may go unobserved: the task that made it is ending for that very reason, and an
 *    unhandled rejection would say nothing new. Every other rejection is the caller's to handle.
 *
 * @module
 */
import type { Cancellation } from "./cancel-source.ts";
import { FAILED, HELD, LINKED } from "./coroutine-flags.ts";
import type { Operation } from "./operation.ts";
import type { Region } from "./region.ts";
import type { Scheduler } from "./scheduler.ts";
import { nothing } from "./settling.ts";
import { PENDING } from "./step.ts";
import { DrivenWaiter } from "./waiter.ts";

let resolveLast: (value: unknown) => void;
let rejectLast: (error: unknown) => void;
// One executor for all promises: a closure for each would be one allocation more.
const executor = (resolve: (value: unknown) => void, reject: (error: unknown) => void): void => {
  resolveLast = resolve;
  rejectLast = reject;
};

export class PromiseWaiter<T> extends DrivenWaiter<T> {
  readonly promise: Promise<Awaited<T>>;
  readonly region: Region;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;

  constructor(region: Region) {
    super();
    this.region = region;
    this.promise = new Promise(executor) as Promise<Awaited<T>>;
    this.#resolve = resolveLast;
    this.#reject = rejectLast;
    // They hold the promise, and with it the last message.
    resolveLast = rejectLast = nothing;
  }

  override get scheduler(): Scheduler {
    return this.region.scheduler;
  }

  override get daemon(): boolean {
    return this.region.daemon;
  }

  /** Links the waiter to what `op` waits for. */
  park(op: Operation<T>): void {
    this.op = op;
    this.flags |= LINKED;
    op.link(this);
    const { region } = this;
    // Linking may call user code, to add a listener, and that may abort.
    if (region.cancellation === undefined) region.add(this);
    else this.cancelled(region.cancellation);
  }

  override cancelled(cancellation: Cancellation): void {
    const isSettled = (this.flags & LINKED) === 0;
    if (!isSettled) {
      this.flags |= FAILED;
      this.leave();
      this.slot = cancellation.error;
      this.region.refused();
      this.promise.catch(nothing);
    }
    // Out of reach, but while something holds it, somebody may ask what is parked.
    if (this.flags >= HELD) this.scheduler.root.add(this);
  }

  run(): void {
    this.source?.remove(this);
    const outcome = this.slot;
    this.op = this.slot = undefined;
    if ((this.flags & FAILED) !== 0) this.#reject(outcome);
    else this.#resolve(outcome);
  }
}

/** Starts `op` now, in `region`. */
export function startIn<T>(region: Region, op: Operation<T>): Promise<Awaited<T>> {
  const { cancellation } = region;
  if (cancellation !== undefined) {
    region.refused();
    const refused = Promise.reject(cancellation.error);
    refused.catch(nothing);
    return refused;
  }
  try {
    const value = op.try();
    const { budget } = region.scheduler;
    if (value !== PENDING && (--budget.credit >= 0 || !budget.isExhausted())) return Promise.resolve(value);
    const waiter = new PromiseWaiter<T>(region);
    if (value === PENDING) waiter.park(op);
    else waiter.wake(value);
    return waiter.promise;
  } catch (error) {
    return Promise.reject(error);
  }
}
