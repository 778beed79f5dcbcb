/**
 * Waiting until the value of a watch is as one wants it.
 *
 * # Algorithm
 *
 * The predicate is tried where the wait is started. Later, each new value puts a check on the run queue, unless one is there already:
 * it calls the predicate with the value that is current by then, and settles the wait if that is accepted.
 *
 * 1. A check belongs to one wait, and is the `slot` of its waiter exactly while that is linked; a check that is queued when its wait
 *    ends finds that out, and does nothing.
 * 2. The predicate may itself send, although it should not: so what is accepted is the value it was given, and every later one is looked
 *    at, too.
 *
 * @module
 */
import { ClosedError, checkFunction, wrongType } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { type Check, NOTHING, type Shown, type View } from "./watch-state.ts";

export const viewing: unique symbol = Symbol("gokio.viewing");

/** What shows a value that changes: the receiver of a watch. */
export interface Viewer<T> {
  /** @internal */
  [viewing](predicate: (value: T) => boolean): Operation<T>;
}

/**
 * Waits until `predicate` accepts the value, which is then the result, and seen; as an operation: what `WatchReceiver.waitFor` does.
 *
 * The predicate may be called at any time while the wait lasts, so it should only look.
 *
 * Cancel-safe: a cancelled call has marked nothing as seen.
 *
 * @example
 * ```ts
 * const [tx, rx] = watch(0);
 * spawn(async () => tx.send(3));
 * const won = await select({ enough: waitFor(rx, (n) => n > 2), late: sleep(1000) });
 * console.log(won.key); // enough
 * ```
 *
 * @throws {ClosedError} once the sender is disposed and its last value is not accepted.
 * @throws whatever the predicate throws.
 */
export function waitFor<T, S extends T>(
  rx: Viewer<T>,
  predicate: (value: T) => value is S,
  options?: WaitOptions,
): Operation<S>;
export function waitFor<T>(rx: Viewer<T>, predicate: (value: T) => boolean, options?: WaitOptions): Operation<T>;
export function waitFor<T>(rx: Viewer<T>, predicate: (value: T) => boolean, options?: WaitOptions): Operation<T> {
  if (typeof rx?.[viewing] !== "function") throw wrongType("rx", "the receiver of a watch", rx);
  checkFunction("predicate", predicate);
  return withOptions(rx[viewing](predicate), options);
}

export class WaitFor<T> extends Operation<T> {
  readonly view: View<T>;
  readonly #predicate: (value: T) => boolean;
  /** The version that was looked at last. */
  #lookedAt = NOTHING;

  constructor(view: View<T>, predicate: (value: T) => boolean) {
    super();
    this.view = view;
    this.#predicate = predicate;
  }

  /** Whether the current value, `value`, is as wanted. @throws {ClosedError} if it is not, and will not change. */
  accepts({ value, version }: Shown<T>): boolean {
    const { view } = this;
    const { state } = view;
    if (!view.isGone && this.#predicate(value)) return true;
    this.#lookedAt = version;
    if (view.isGone || (state.hasEnded && state.version === version)) throw new ClosedError(view.label);
    return false;
  }

  override try(): T | Pending {
    const shown = this.view.show();
    return this.accepts(shown) ? this.view.saw(shown) : PENDING;
  }

  override link(waiter: Waiter<T>): void {
    const check = new PredicateCheck(this, waiter);
    waiter.slot = check;
    this.view.addCheck(waiter as Waiter);
    if (this.#lookedAt !== this.view.state.version) check.queue();
  }

  override unlink(waiter: Waiter<T>): void {
    this.view.checks.remove(waiter as Waiter);
    waiter.slot = undefined;
  }

  override describe(): string {
    return `waitFor on ${this.view.label}`;
  }
}

class PredicateCheck<T> implements Check {
  readonly #op: WaitFor<T>;
  readonly #waiter: Waiter<T>;
  #queued = false;

  constructor(op: WaitFor<T>, waiter: Waiter<T>) {
    this.#op = op;
    this.#waiter = waiter;
  }

  get runsUserCode(): boolean {
    return true;
  }

  queue(): void {
    if (this.#queued) return;
    this.#queued = true;
    this.#waiter.scheduler.enqueue(this);
  }

  run(): void {
    this.#queued = false;
    if (!this.#isLinked) return;
    const { view } = this.#op;
    const shown = view.show();
    try {
      // The predicate may itself have ended the wait.
      if (this.#op.accepts(shown) && this.#isLinked) this.#unlink().wake(view.saw(shown));
    } catch (error) {
      if (this.#isLinked) this.#unlink().fail(error);
    }
  }

  fail(error: ClosedError): void {
    this.#unlink().fail(error);
  }

  get #isLinked(): boolean {
    return this.#waiter.slot === this;
  }

  #unlink(): Waiter<T> {
    this.#op.unlink(this.#waiter);
    return this.#waiter;
  }
}
