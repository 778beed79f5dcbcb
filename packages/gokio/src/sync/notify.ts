/**
 * Notify: telling somebody that something has happened, and no more than that.
 *
 * # Algorithm
 *
 * `notifyOne` wakes the one that waits longest; if nobody waits it leaves a permit, which lets the next wait pass at once. There is at most
 * one: notifications are no counter. `notifyAll` wakes everybody who waits and leaves nothing.
 *
 * Invariant: while the permit is there, nobody waits.
 *
 * @module
 */
import { wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { wakeAll } from "../kernel/wake-all.ts";
import { type NameOptions, named } from "./named.ts";
import { Queued } from "./queued.ts";

/**
 * A signal without a value: "look again".
 *
 * @example
 * ```ts
 * const work: string[] = [];
 * const added = new Notify();
 * const worker = spawn(async () => {
 *   while (work.length === 0) await added.notified();
 *   return work.shift();
 * });
 * work.push("build");
 * added.notifyOne();
 * console.log(await worker); // build
 * ```
 */
export class Notify {
  readonly #notified: Notified;

  /** @throws {TypeError} if the name is no string. */
  constructor(options?: NameOptions) {
    this.#notified = new Notified(named("notify", options));
  }

  /** @internal */
  static waiting(notify: Notify): Operation<void> {
    if (!(notify instanceof Notify)) throw wrongType("notify", "a Notify", notify);
    return notify.#notified;
  }

  /**
   * Waits for a notification, in turn; takes the permit, if there is one.
   *
   * Cancel-safe: a cancelled call has taken no notification.
   */
  notified(options?: WaitOptions): Promise<void> {
    return start(this.#notified, options);
  }

  /** Lets the one go on that waits longest, or else the next one that comes. */
  notifyOne(): void {
    const waiter = this.#notified.queue.shift();
    if (waiter === undefined) this.#notified.permit = true;
    else waiter.wake();
  }

  /** Lets everybody go on who waits now. Those who come later are not meant. */
  notifyAll(): void {
    wakeAll(this.#notified.queue, undefined);
  }
}

/**
 * Waits for a notification, as an operation: what {@link Notify.notified} does.
 *
 * It waits from when it is driven; a `notifyAll` before that is not noticed, a `notifyOne` is.
 *
 * Cancel-safe: a cancelled call has taken no notification.
 *
 * @example
 * ```ts
 * const done = new Notify();
 * done.notifyOne();
 * const won = await select({ done: notified(done), late: sleep(1000) });
 * console.log(won.key); // done
 * ```
 */
export function notified(notify: Notify, options?: WaitOptions): Operation<void> {
  return withOptions(Notify.waiting(notify), options);
}

class Notified extends Queued<void> {
  permit = false;
  readonly #name: string;

  constructor(name: string) {
    super(new WaitList());
    this.#name = name;
  }

  override try(): undefined | Pending {
    if (!this.permit) return PENDING;
    this.permit = false;
    return undefined;
  }

  override describe(): string {
    return `notified on ${this.#name}`;
  }
}
