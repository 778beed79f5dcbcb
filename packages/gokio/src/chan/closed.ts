/**
 * Waiting for the other end to go: what a producer does that has nothing to send yet, and wants to know whether it still should.
 *
 * @module
 */
import { wrongType } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";

export const closing: unique symbol = Symbol("gokio.closing");

/** A sending end that can tell that nobody will receive any more. */
export interface Closable {
  /** @internal */
  readonly [closing]: Operation<void>;
}

/**
 * Waits until nobody can receive what `end` sends: its receiver was closed or disposed.
 *
 * Cancel-safe: waiting takes nothing.
 *
 * @example
 * ```ts
 * const [tx, rx] = mpsc<string>(1);
 * rx.close();
 * await closed(tx);
 * console.log(tx.isClosed); // true
 * ```
 *
 * @throws {TypeError} at the call, if `end` is no sending end.
 */
export function closed(end: Closable, options?: WaitOptions): Operation<void> {
  const op = end?.[closing];
  if (op === undefined) throw wrongType("end", "the sending end of a channel", end);
  return withOptions(op, options);
}

/** The receiving side of a channel, as {@link Closed} sees it. */
export interface Closing {
  /** Whether nobody can receive any more. */
  readonly isClosed: boolean;
  /** Who waits for that. */
  readonly watchers: WaitList<void>;
  readonly label: string;
}

export class Closed extends Operation<void> {
  readonly #side: Closing;

  constructor(side: Closing) {
    super();
    this.#side = side;
  }

  override try(): undefined | Pending {
    return this.#side.isClosed ? undefined : PENDING;
  }

  override link(waiter: Waiter<void>): void {
    this.#side.watchers.push(waiter);
  }

  override unlink(waiter: Waiter<void>): void {
    this.#side.watchers.remove(waiter);
  }

  override describe(): string {
    return `closed on ${this.#side.label}`;
  }
}
