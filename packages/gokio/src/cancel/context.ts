/**
 * Context: a cancel node together with values, handed down from caller to callee.
 *
 * The second face of the cancel tree, shaped as Go's `context`: a context is never changed, only derived from. What can be
 * cancelled by itself has a node of its own under its parent's; a context that only adds values shares the node of its parent, and
 * registers nowhere.
 *
 *     background ──▶ withTimeout ──▶ withValue ──▶ withCancel        contexts
 *                     node ◀──────────┘             node             nodes: the second is a member of the first
 *
 * 1. A context is cancelled no later than what it was derived from, and with the same error.
 * 2. Its deadline is the earliest of its own and its ancestors'. One that a context above is sure to be cancelled before sets no timer; a block's
 *    deadline is not sure, for the block may be left.
 * 3. The background keeps nothing of what is derived from it.
 *
 * @module
 */

import { CancelledError, checkDuration, TimeoutError, wrongType } from "../errors.ts";
import { Cancellation, type CancelSource, cancelSource, type HasCancelSource } from "../kernel/cancel-source.ts";
import { currentScheduler } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Locals } from "../kernel/region.ts";
import { signalOf } from "./abort-signal.ts";
import { CancelNode } from "./node.ts";
import { TimedNode } from "./timed-node.ts";

/** How a key finds its value; task-locals are keys. */
export const valueIn: unique symbol = Symbol("gokio.valueIn");

/** What values are kept under: a TaskLocal. */
export interface ContextKey<T> {
  /** @internal */
  [valueIn](locals: Locals | undefined): T;
}

/** A point in time on both clocks. */
export interface ContextDeadline {
  /** On the scheduler's clock, which decides. */
  readonly at: number;
  /** Milliseconds since 1970, for people. */
  readonly date: number;
}

/**
 * Cancellation, a deadline and values, for code that passes them along by hand, as in Go. Start from {@link Context.background} or
 * `currentContext()`, and derive. A context is a `signal` for every wait; `runIn(ctx, body)` makes it the ambient one.
 *
 * @example
 * ```ts
 * const user = new TaskLocal<string>({ name: "user" });
 * using ctx = Context.background.withValue(user, "ada").withTimeout(10);
 * const failed = await sleep(60_000, { signal: ctx }).then(String, (error) => error.name);
 * console.log(ctx.get(user), failed); // ada TimeoutError
 * ```
 */
export class Context implements HasCancelSource {
  /** Never cancelled, without deadline or values. */
  static get background(): Context {
    return (background ??= new Context(new BackgroundNode(), undefined, undefined));
  }

  readonly #node: CancelSource;
  readonly #locals: Locals | undefined;
  readonly #deadline: ContextDeadline | undefined;
  readonly #sureBy: number;

  /** @internal By `sureBy` it will have been cancelled, on the scheduler's clock; `deadline`, if earlier, may be given up. */
  constructor(
    node: CancelSource,
    locals: Locals | undefined,
    deadline: ContextDeadline | undefined,
    sureBy = Number.POSITIVE_INFINITY,
  ) {
    this.#node = node;
    this.#locals = locals;
    this.#deadline = deadline;
    this.#sureBy = sureBy;
  }

  /** @internal */
  get [cancelSource](): CancelSource {
    return this.#node;
  }

  /** @internal */
  static localsOf(context: Context): Locals | undefined {
    if (!(context instanceof Context)) throw wrongType("context", "a Context", context);
    return context.#locals;
  }

  /** @internal When it is cancelled by itself, on the scheduler's clock. */
  static untilOf(context: Context): number {
    return context.#deadline?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Derives a context that can be cancelled by itself. Dispose it, or cancel it, when it is done with: the parent keeps it till then. */
  withCancel(): CancellableContext {
    return new CancellableContext(new TimedNode(this.#node), this.#locals, this.#deadline, this.#sureBy);
  }

  /**
   * Derives a context that is cancelled in `ms` milliseconds, or with this one. Waits then throw a `CancelledError` named `TimeoutError`,
   * with `reason` as its cause, or else a `TimeoutError`. The deadline does not keep the process alive.
   *
   * @throws {RangeError} if `ms` is negative or NaN.
   */
  withTimeout(ms: number, reason?: unknown): CancellableContext {
    checkDuration("ms", ms);
    const { host } = currentScheduler();
    const deadline = { at: host.now() + ms, date: host.wallClock() + ms };
    return this.#until(deadline, () => reason ?? new TimeoutError(`${ms} ms have passed`));
  }

  /**
   * What {@link withTimeout} does, with a Date, or milliseconds since 1970. One that is past cancels at once.
   *
   * @throws {RangeError} if `when` is no point in time.
   */
  withDeadline(when: Date | number, reason?: unknown): CancellableContext {
    const date = checkDate("when", when);
    const { host } = currentScheduler();
    const deadline = { at: host.now() + (date - host.wallClock()), date };
    return this.#until(deadline, () => reason ?? new TimeoutError("the deadline has passed"));
  }

  #until(deadline: ContextDeadline, reason: () => unknown): CancellableContext {
    if (deadline.at >= this.#sureBy) return this.withCancel();
    const scheduler = currentScheduler();
    const node = new TimedNode(this.#node);
    const error = (): CancelledError => new CancelledError(reason(), "TimeoutError");
    if (deadline.at <= scheduler.host.now()) node.cancelWith(new Cancellation(error()));
    else node.cancelAt(scheduler, deadline.at, error);
    const earliest = deadline.at < Context.untilOf(this) ? deadline : this.#deadline;
    return new CancellableContext(node, this.#locals, earliest, deadline.at);
  }

  /** Derives a context in which `key` has `value`. It is cancelled with this one, and needs no disposal. */
  withValue<T>(key: ContextKey<T>, value: NoInfer<T>): Context {
    return new Context(this.#node, new Map(this.#locals).set(checkKey(key), value), this.#deadline, this.#sureBy);
  }

  /** Derives a context with the same values that is never cancelled and has no deadline: for work that must outlive its cause. */
  withoutCancel(): Context {
    return new Context(Context.background.#node, this.#locals, undefined);
  }

  /** The value of `key`, or its default. @throws {MisuseError} if there is neither. */
  get<T>(key: ContextKey<T>): T {
    return checkKey(key)[valueIn](this.#locals);
  }

  /** Whether it has been cancelled, here or above. */
  get isCancelled(): boolean {
    return this.#node.cancellation !== undefined;
  }

  /** What waits with this context throw; `undefined` while it is not cancelled. */
  get error(): CancelledError | undefined {
    return this.#node.cancellation?.error;
  }

  /** Why it was cancelled: what was given to `cancel`, here or in an ancestor. `undefined` while it is not. */
  get reason(): unknown {
    return this.#node.cancellation?.reason;
  }

  /**
   * When it will have been cancelled, at the latest; `undefined` if there is no deadline. Derived in a block with an earlier deadline, it has that
   * one, and is cancelled by its own if the block ends before. One beyond the last day a Date can tell is that day.
   */
  get deadline(): Date | undefined {
    return this.#deadline && new Date(Math.min(Math.max(this.#deadline.date, -LAST_DATE), LAST_DATE));
  }

  /** The platform's face of this context: aborts with it, always the same object. */
  get signal(): AbortSignal {
    return signalOf(this.#node);
  }

  /** @throws {CancelledError} if it has been cancelled. */
  throwIfCancelled(): void {
    if (this.#node.cancellation !== undefined) throw this.#node.cancellation.error;
  }
}

/** A context with a way to cancel it. */
export class CancellableContext extends Context implements Disposable {
  /** Cancels this context and all derived from it; visible at once. `false`, and without effect, if it was cancelled before. */
  cancel(reason?: unknown): boolean {
    return !this.isCancelled && (this[cancelSource] as CancelNode).cancelWith(new Cancellation(reason));
  }

  /** Cancels it: what was started with the context must not outlive the block that made it. */
  [dispose](): void {
    this.cancel("the context was disposed");
  }
}

let background: Context | undefined;

/** The last point in time a Date can be, and, negative, the first. */
const LAST_DATE = 8.64e15;

function checkKey<T>(key: ContextKey<T>): ContextKey<T> {
  if (typeof key?.[valueIn] !== "function") throw wrongType("key", "a TaskLocal", key);
  return key;
}

/** Never cancelled, so it need not know whom to tell. */
class BackgroundNode extends CancelNode {
  override add(): void {}
  override remove(): void {}
}

/** Returns `when` in milliseconds since 1970. */
function checkDate(name: string, when: Date | number): number {
  const date = when instanceof Date ? when.getTime() : when;
  if (typeof date !== "number") throw wrongType(`${name}`, "a Date or milliseconds since 1970", when);
  if (Number.isNaN(date)) throw new RangeError(`${name} must be a point in time, not an invalid one`);
  return date;
}
